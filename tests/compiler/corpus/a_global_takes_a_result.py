# the handler's parameter had the global's name
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        global G
        G = await self.rests(a)
        await yield_now()
        return G


@application
def app():
    return Main()
