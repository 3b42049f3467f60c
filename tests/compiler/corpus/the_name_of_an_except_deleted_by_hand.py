# del in the handler, and an error out of it
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            try:
                boom(1)
            except Boom as err:
                await aside(1)
                del err
                err = 6
                await self.fails(2)
        except Boom:
            pass
        return err


@application
def app():
    return Main()
