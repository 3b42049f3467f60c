# what a loop's first turn had bound was taken for bound in its second
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


async def helper(a, b=2):
    c = 0
    while go():
        try:
            boom(3)
        except Boom as err:
            try:
                del c
            finally:
                a = 0
            b = await aside(0)
        0


@module
class Main(Base):
    @entry
    async def second(self, a, b=0, c=0):
        d = 0
        while go():
            try:
                pass
            except 0:
                pass
            else:
                await aside(b)
            finally:
                del d

    async def first(self, a, b=0, c=0):
        try:
            await helper(a)
        except UnboundLocalError:
            note("unbound in the helper")
        await self.second(1)


@application
def app():
    return Main()
