# UNBOUND was passed on, and seen by the handler of a failing argument
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        await self.outcome(self.second, 1)
        await self.rests(d)
        del d

    async def second(self, x):
        try:
            await self.rests(boom())
        except Boom:
            note(d)
        d = 1


@application
def app():
    return Main()
