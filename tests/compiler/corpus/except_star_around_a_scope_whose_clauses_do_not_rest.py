# the usual except* around a scope
# ruff: noqa
from duality import application, module, scope
from tests.compiler.fuzz.witness import Base, Boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        try:
            async with scope() as s:
                s.fork(self.fails, 1)
                s.fork(self.fails, 2)
        except* KeyError:
            pass
        except* Boom:
            note("boom")


@application
def app():
    return Main()
