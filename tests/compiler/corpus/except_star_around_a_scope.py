# a clause that rests and loops
# ruff: noqa
from duality import application, module, scope, yield_now
from tests.compiler.fuzz.witness import Base, Boom, aside, e, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            async with scope() as s:
                s.fork(self.fails, 1)
                s.fork(self.rests, 2)
                await yield_now()
                await self.fails(3)
        except* Boom as err:
            note(len(err.exceptions))
            await aside(1)
            while go():
                await aside(2)
                break
            for _ in [1, 2]:
                if e(0):
                    continue
                note(3)


@application
def app():
    return Main()
