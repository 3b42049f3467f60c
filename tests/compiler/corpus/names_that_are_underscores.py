# A procedure whose name is nothing without its underscores, or a keyword.
# ruff: noqa
from duality import application, entry, module, procedure, yield_now
from tests.compiler.fuzz.witness import Base, note

@module
class Main(Base):

    async def _(self, x=1):
        await yield_now()
        return x + 1

    async def _if(self, x=1):
        note(await self._(x))
        return x

    async def __1(self, x=1):
        return await self._if(await self._(x))

    @entry
    async def first(self, x=1):
        return await self.__1(x)

@application
def app():
    return Main()
