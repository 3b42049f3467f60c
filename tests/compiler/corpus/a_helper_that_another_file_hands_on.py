# the oracle, when traced, did not find it where it is looked up
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        return await witness.aside(a)


@application
def app():
    return Main()
