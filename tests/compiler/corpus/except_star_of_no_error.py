# a type that is no class of errors
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            await self.fails(1)
        except* (int, KeyError):
            note(1)


@application
def app():
    return Main()
