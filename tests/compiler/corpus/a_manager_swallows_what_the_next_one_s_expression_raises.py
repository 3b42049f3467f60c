# the readers of source lacked the edge
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        with M(e(3), True), M(await self.rests(boom(1))):
            note(5)


@application
def app():
    return Main()
