# a handler inside that uses the same name
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Boom as err:
            try:
                await self.fails(2)
            except Boom as err:
                await aside(1)
                note(str(err))
            try:
                note(str(err))
            except UnboundLocalError as bad:
                note(str(bad))


@application
def app():
    return Main()
