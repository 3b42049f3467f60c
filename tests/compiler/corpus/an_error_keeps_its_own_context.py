# what a callee was handling was forgotten where its error reached a caller that handled one too
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Boom:
            try:
                await self.second(2)
            except Boom as err:
                await self.fails(4)

    @procedure
    async def second(self, x):
        await yield_now()
        try:
            boom(2)
        except Boom:
            await self.third(x)

    async def third(self, x):
        await yield_now()
        try:
            await self.fails(5)
        except Boom:
            await yield_now()
            boom(3)


@application
def app():
    return Main()
