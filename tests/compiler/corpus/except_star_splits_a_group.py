# several clauses take their parts; one raises again, one raises anew
# ruff: noqa
import sys
from duality import application, module
from tests.compiler.fuzz.witness import Bang, Base, Boom, aside, boom, chain, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            await aside(1)
            raise ExceptionGroup("g", [Boom(1), KeyError(2), Bang(3), ExceptionGroup("n", [ValueError(4), Boom(5)])])
        except* Bang as few:
            note(str(chain(few)), str(chain(sys.exception())))
            await aside(2)
            note(str(chain(few)), str(chain(sys.exception())))
        except* Boom as few:
            await aside(3)
            raise
        except* KeyError:
            boom(4)
        else:
            note("else")
        finally:
            await aside(5)


@application
def app():
    return Main()
