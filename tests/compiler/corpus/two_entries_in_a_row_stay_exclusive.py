# a stage that was released twice let two tasks in
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    @entry
    async def held(self, a):
        try:
            if a == 1:
                await self.breaks(a)
            await yield_now()
            note("inside", a)
            await yield_now()
            note("still inside", a)
            return a
        except Boom:
            return 0

    async def first(self, a, b=2):
        tasks = [fork(self.held, number) for number in (2, 1, 3, 4)]
        await yield_now()
        for task in tasks:
            note(await join(task))


@application
def app():
    return Main()
