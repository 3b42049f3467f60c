# assert: the message is awaited only where the test fails
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, e


@module
class Main(Base):
    async def first(self, a, b=2):
        assert await aside(a)
        assert await aside(b) and e(1), await aside(3)
        assert not await self.rests(1) or await aside(0), f"no {await aside(5)}"


@application
def app():
    return Main()
