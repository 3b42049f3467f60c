# it was read after the rest, so that the rest came first
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            c = c < await self.rests(1) < a
        except NameError as err:
            note(str(err))
        try:
            c = e(c, await self.rests(2))
        except NameError as err:
            note(str(err))


@application
def app():
    return Main()
