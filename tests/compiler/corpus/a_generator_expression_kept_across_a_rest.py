# a generator expression shares what it captured
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside


@module
class Main(Base):
    async def first(self, a, b=2):
        x = 1
        gen = (q + x for q in (1, 2, x))
        y = [lambda: x + q for q in (1, 2)]
        x = await aside(10)
        return sum(gen) + y[0]()


@application
def app():
    return Main()
