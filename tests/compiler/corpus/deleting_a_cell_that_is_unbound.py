# deleting an unbound cell hid the context of its error
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    @entry
    async def first(self, a, b=2):
        c = 0
        f = lambda q=0: c
        del c
        try:
            c = f()
        except BaseException:
            del c


@application
def app():
    return Main()
