# raise e is no bare raise: the group stands beside the rest
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Boom, aside, boom


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            try:
                boom(0)
            except Boom:
                raise ExceptionGroup("g", [Boom(1), KeyError(2), TypeError(3)])
        except* Boom as err:
            await aside(1)
            raise err
        except* KeyError as err:
            await aside(1)
            raise Bang(2) from err
        except* ValueError:
            pass


@application
def app():
    return Main()
