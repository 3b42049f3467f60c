# unbound cells raised errors of our own
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        c = e(0)
        f = lambda: c
        await yield_now()
        del c
        for attempt in (1, 2, 3):
            try:
                if attempt == 1:
                    f()
                elif attempt == 2:
                    note(c)
                else:
                    del c
            except NameError as err:
                note(type(err).__name__, str(err))


@application
def app():
    return Main()
