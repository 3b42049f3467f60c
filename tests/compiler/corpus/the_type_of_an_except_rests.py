# the type of an except is asked for while the error is handled
# ruff: noqa
import sys
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except (await aside(a), KeyError)[1]:
            note("key")
        except await aside(2) and Boom as err:
            note(str(err), str(sys.exception()))
            await yield_now()
            note(str(sys.exception()))
        finally:
            note("fin")


@application
def app():
    return Main()
