# restoring the handled errors looked as if it might go on without them
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Boom as err:
            try:
                boom(2)
            except Boom:
                await aside(await aside(0))
                note(str(err))


@application
def app():
    return Main()
