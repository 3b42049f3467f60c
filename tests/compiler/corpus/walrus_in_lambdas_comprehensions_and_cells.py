# a walrus binds a captured local
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside


@module
class Main(Base):
    async def first(self, a, b=2):
        x = 1
        f = lambda: (x := 5)
        g = lambda: x
        [(x := q) for q in (1, 2)]
        y = [await aside(1), (x := 4), await aside(x)]
        if (n := (await aside(3))) > 2 and (x := n):
            await aside(x)
        h = lambda: x + n
        n = 7
        (x := (x + await aside(1)))
        return f() + g() * 10 + h() * 100


@application
def app():
    return Main()
