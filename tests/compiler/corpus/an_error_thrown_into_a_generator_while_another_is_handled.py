# an error thrown into a generator among events got for a context what its thrower was handling
# ruff: noqa
from duality import application
from tests.compiler.fuzz.witness import Base, Boom, Closing, boom, e, go

class Main(Base):

    async def first(self, *rest, c=3):
        async with Closing(self.values()) as g1:
            c = await g1.asend(None)
            try:
                boom()
            except Boom as err:
                await g1.athrow(Boom)

@application
def app():
    return Main()

