# the first turn already found it without a value
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz.witness import Base, W, aside, boom, chain, e, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        while go() and await aside(W(2)):
            try:
                del a
            except KeyError:
                return 0
            else:
                note("deleted")
            finally:
                pass


@application
def app():
    return Main()
