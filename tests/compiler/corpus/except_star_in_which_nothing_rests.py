# it stays whole, with a finally that is cut
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, Boom, aside, e, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        while go():
            try:
                if e(1):
                    break
            except* Boom:
                note(1)
            finally:
                note(2)
        else:
            await aside(1)
        await aside(1)


@application
def app():
    return Main()
