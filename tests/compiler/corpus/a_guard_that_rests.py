# a guard that rests: the patterns after it are tried with what it captured
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, aside, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        match await aside(a):
            case 0:
                return 1
            case x if await aside(0):
                note(x)
            case 1 if y := (await aside(7)):
                note(x, y)
                await yield_now()
            case 3 | 4 as z if await self.rests(z) and e(2):
                note(z)
                return z
            case _:
                note("none")
        return x


@application
def app():
    return Main()
