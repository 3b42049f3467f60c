# a traced oracle had put another function in the helper's place when the second procedure was read
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    @procedure
    async def second(self, a, b=2):
        await aside(1)

    async def first(self, a, b=2):
        await aside(e(0))
        await self.second(1)


@application
def app():
    return Main()
