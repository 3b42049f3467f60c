# the name is unbound for the next clause
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        err = 5
        try:
            raise ExceptionGroup("g", [Boom(1), KeyError(2)])
        except* Boom as err:
            await aside(1)
        except* KeyError:
            await aside(2)
            note(err)


@application
def app():
    return Main()
