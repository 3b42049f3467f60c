# a naked error is wrapped, and the wrapper raised again
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            await self.fails(1)
        except* KeyError:
            note("key")
        except* Boom as err:
            note(str(chain(err)))
            await aside(2)
            err.add_note("x")
        try:
            await self.fails(1)
        except* Boom as err:
            await aside(1)
            raise


@application
def app():
    return Main()
