# a BaseExceptionGroup, a manager around
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, Crash, M, aside


@module
class Main(Base):
    async def first(self, a, b=2):
        with M(1, True):
            try:
                raise (
                    ExceptionGroup("g", [Boom(1), Crash(2)]) if False else BaseExceptionGroup("g", [Boom(1), Crash(2)])
                )
            except* Crash:
                await aside(3)
            finally:
                await aside(3)
        return 3


@application
def app():
    return Main()
