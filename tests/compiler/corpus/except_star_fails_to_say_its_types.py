# an error in the types of a clause had not the group as its context
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except* boom(3) as err:
            await self.rests(0)


@application
def app():
    return Main()
