# a callee that answered at once made its caller forget, among events, what was being handled around
# ruff: noqa
from duality import Cancelled, application, fork, join, reply
from tests.compiler.fuzz.witness import Base, Boom, Door, M, aside, group

async def helper():
    z = 0
    async with Door(await aside(z), True, False, True), 0:
        pass

class Main(Base):

    async def first(self, a, b=2):
        with M(0, False, True) as d:
            t = fork(self.slow)
            t.cancel()
            try:
                await join(t)
            except Cancelled:
                reply(0)
                c = await helper()

@application
def app():
    return Main()

