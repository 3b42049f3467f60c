# its last point was taken for one where the outer comprehension may end
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        return [q for r in (1, 2) async for q in Steps(len({await aside(q) async for q in Steps(r)}))]


@application
def app():
    return Main()
