# the plain loop was taken for one that awaits its items
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for c in [q async for q in Steps(2)]:
            async with self.gate:
                note(c)


@application
def app():
    return Main()
