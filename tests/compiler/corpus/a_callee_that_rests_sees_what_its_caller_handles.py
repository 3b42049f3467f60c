# a procedure among events did not see, once it had rested, what its caller was handling
# ruff: noqa
import sys

from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, Bang, Boom, boom, e, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            boom(1)
        except Boom:
            note(await self.looks())
            try:
                await self.again()
            except Boom as same:
                note(str(same), str(same.__context__))
            note(await self.handles())
        note(str(sys.exception()))
        await self.goes()

    async def looks(self):
        before = str(sys.exception())
        await yield_now()
        between = str(sys.exc_info()[1])
        return before, between, await self.deeper()

    async def deeper(self):
        await yield_now()
        await yield_now()
        return str(sys.exception())

    async def again(self):
        await yield_now()
        raise

    async def handles(self):
        try:
            await self.fails(3)
        except Boom as error:
            await yield_now()
            seen = str(sys.exception()), str(error.__context__)
        await yield_now()
        return *seen, str(sys.exception())

    async def goes(self):
        try:
            boom(5)
        except Boom:
            async for value in self.steps():
                note(value)

    async def steps(self):
        await yield_now()
        yield str(sys.exception())
        try:
            yield str(sys.exception())
        finally:
            await yield_now()
            note(str(sys.exception()))


@application
def app():
    return Main()
