# the TypeError of CPython, before anything is entered
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            with a as x:
                await aside(1)
        except (TypeError, AttributeError) as err:
            note(type(err).__name__, str(err))

        class N:
            def __enter__(self):
                return note("entered")

        try:
            with N() as x:
                await aside(1)
        except (TypeError, AttributeError) as err:
            note(type(err).__name__, str(err))


@application
def app():
    return Main()
