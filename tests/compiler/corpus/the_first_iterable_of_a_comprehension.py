# it is evaluated in the block around the comprehension
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        c = e(2)
        f = lambda: c
        await yield_now()
        note(*[c for c in range(c)])
        d = 4
        await yield_now()
        d = [d for d in range(d)]
        for c in (q for q in d):
            note(d := c)
        return f()


@application
def app():
    return Main()
