# inside a handler, it was given what is handled there as its context
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, boom, chain, note, numbers


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Exception:
            for one in (KeyError, StopAsyncIteration):
                try:
                    await numbers().athrow(one)
                except Exception as err:
                    note(str(chain(err)))


@application
def app():
    return Main()
