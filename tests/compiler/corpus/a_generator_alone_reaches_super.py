# super() was not bound to the module where only generators used it
# ruff: noqa
from duality import application
from tests.compiler.fuzz.witness import Base, Boom, Closing, boom, e, go

class Main(Base):

    async def gives(self, a=4, /, **k):
        d = f'{await super().rests()!s:>{e(3)}}'
        yield 0

    async def first(self, *rest, c=3):
        async with Closing(self.gives()) as g1:
            while await g1.__anext__() and go():
                pass

@application
def app():
    return Main()

