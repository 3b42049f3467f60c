# A manager may swallow the error of a block in which nothing rests: what the block binds may be unbound after it.
# ruff: noqa
from contextlib import suppress
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    @procedure
    async def first(self, a, b=2):
        with suppress(Boom):
            boom(1)
            c = e(2)
        await yield_now()
        try:
            note(c)
        except UnboundLocalError:
            note("unbound where it is read, not where we rest")
        if a is None:
            c = 0


@application
def app():
    global G
    G = 0
    return Main()
