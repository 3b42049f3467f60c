# what a group holds that was raised in a callee, after a rest, had no context among events
# ruff: noqa
from duality import application, yield_now
from tests.compiler.fuzz.witness import Base, Crash, Door, boom, e, note

class Own(Base):

    async def __aenter__(a=1):
        pass

    async def __aexit__(self, a, b, c):
        try:
            await yield_now()
            raise Crash(2)
        except* Crash:
            raise Crash(3)

class Main(Base):

    async def first(self, b=2):
        async with Own() as self.count, Door() as c, Door() as self.count:
            raise Crash(1)

@application
def app():
    return Main()

