# else, finally, and jumps out of the body
# ruff: noqa
import sys
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for i in range(5):
            try:
                await aside(i)
                if i == 1:
                    continue
                if i == 3:
                    break
                if i == 2:
                    boom(9)
            except* Boom:
                await aside(7)
            else:
                await aside(8)
                note("else")
            finally:
                note("finally")
        return sys.exception() is None


@application
def app():
    return Main()
