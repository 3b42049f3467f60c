# what is left of a procedure goes on in the middle of a loop, a `finally` and a `with`, in a task of its own
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell

G = 0


@module
class Main(Base):
    @entry
    async def first(self, a, b=2):
        for c in (1, 2, 3):
            try:
                with M(c, True):
                    if c == 2:
                        reply(e(a))
                    await yield_now()
                    note(c)
                    boom(c)
                note("swallowed")
                if c == 2:
                    continue
            finally:
                note("finally", c)
        else:
            note("else")


@application
def app():
    return Main()
