# an error that was thrown into a generator, and left it after a rest, got its thrower's context among events
# ruff: noqa
from duality import application
from tests.compiler.fuzz.witness import Base, Boom, boom, echo

class Main(Base):

    async def first(self, b=2):
        try:
            boom()
        except Boom:
            g1 = echo()
            c = await anext(g1)
            await g1.athrow(GeneratorExit)

@application
def app():
    return Main()

