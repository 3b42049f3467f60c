# types that rest, and what a clause raises is collected
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            try:
                raise ExceptionGroup("g", [Boom(1), KeyError(2)])
            except* await aside(1) and Boom:
                note(1)
            except* (await aside(0) or KeyError, ValueError):
                note(2)
                await self.fails(3)
        except* Boom as err:
            await aside(1)
            note(str(chain(err)))
        try:
            await self.fails(1)
        except* ExceptionGroup:
            pass


@application
def app():
    return Main()
