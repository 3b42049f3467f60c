# writing it out changed the spec's own tree
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        await yield_now()
        return super().__repr__()[:5], await self.__own(a)

    async def __own(self, a):
        return a


@application
def app():
    return Main()
