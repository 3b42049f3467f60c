# helpers are bound before all of them exist
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


async def even(number):
    await yield_now()
    return number == 0 or await odd(number - 1)


async def odd(number):
    return number != 0 and await even(number - 1)


@module
class Main(Base):
    async def first(self, a, b=2):
        return await even(4)


@application
def app():
    return Main()
