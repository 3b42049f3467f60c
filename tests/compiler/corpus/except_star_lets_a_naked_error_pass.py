# an error that no clause takes leaves as it came
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            await self.fails(1)
        except* KeyError:
            await aside(1)


@application
def app():
    return Main()
