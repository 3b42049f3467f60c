# sys.exception() in handlers, finally, nested
# ruff: noqa
import sys
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Boom, aside, boom, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        note(str(sys.exc_info()))
        try:
            boom(1)
        except Boom:
            note(str(sys.exc_info()[:2]))
            await aside(1)
            note(str(sys.exc_info()[:2]), str(sys.exception()))
            try:
                await self.fails(3)
            except Bang:
                pass
            except Boom:
                note(str(sys.exception()))
                await aside(2)
                note(str(sys.exception()), str(chain(sys.exception())))
            finally:
                note(str(sys.exception()))
                await aside(2)
                note(str(sys.exception()))
            note(str(sys.exception()))
            try:
                raise
            finally:
                await aside(4)
                note(str(sys.exception()))
        note(str(sys.exc_info()))


@application
def app():
    return Main()
