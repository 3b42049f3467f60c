# the declaration was repeated in every handler; a parameter got no cell
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        def f(q=e(1)):
            nonlocal a
            a = a + q
            return tell(q, a)

        f()
        await yield_now()
        f()
        return a


@application
def app():
    return Main()
