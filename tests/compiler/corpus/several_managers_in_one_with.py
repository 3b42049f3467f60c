# parenthesised, swallowing, failing
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, M, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        with M(1), M(2, True) as x, M(3) as y:
            await aside(x + y)
            with M(4, True):
                await self.fails(1)
            with M(5), M(await aside(6)) as z:
                note(z)
            boom(3)
        with M(7), M(8, False, True):
            await aside(1)


@application
def app():
    return Main()
