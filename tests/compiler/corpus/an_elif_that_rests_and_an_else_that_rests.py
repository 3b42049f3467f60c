# the else ran after the if
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, *rest, c=3):
        if a == 1:
            pass
        elif a == 3:
            b = await self.rests(0)
        else:
            b = 1
            b = await self.rests(0)


@application
def app():
    return Main()
