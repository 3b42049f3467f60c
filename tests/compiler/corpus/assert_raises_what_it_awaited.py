# assert: an error without a message has no arguments
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            assert await aside(0)
        except AssertionError as err:
            note(len(err.args))
        assert a < await aside(2) < 1, tell(await aside(2), 3)


@application
def app():
    return Main()
