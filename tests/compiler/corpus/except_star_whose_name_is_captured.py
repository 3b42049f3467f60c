# the group lives in a cell
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        x = 1
        try:
            await self.fails(1)
        except* Boom as x:
            f = lambda: x
            await aside(2)
            note(str(f()))
        try:
            f()
        except NameError as err:
            note(str(err))


@application
def app():
    return Main()
