# the record made up front released the stage, and the call did so again
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    @entry
    async def first(self, a, b=2):
        try:
            return await self.breaks(a)
        except Boom:
            return note(a)


@application
def app():
    return Main()
