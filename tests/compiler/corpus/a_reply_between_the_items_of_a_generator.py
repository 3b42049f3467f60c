# a generator goes on in the task that what is left is, and calls what replies
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    @procedure
    async def slow(self, a):
        await yield_now()
        reply(a)
        await yield_now()
        note("slow", a)

    async def numbers(self, n):
        for i in range(n):
            got = await self.slow(i)
            note("got", got)
            yield got
            await yield_now()

    @procedure
    async def first(self, a, b=2):
        async for one in self.numbers(4):
            note("one", one)
            if one == 1:
                reply(one)
            await yield_now()
        note("end")


@application
def app():
    return Main()
