# athrow(StopAsyncIteration) raised it as it is, on every version
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, reply, scope, yield_now
from tests.compiler.fuzz.witness import Base, W, aside, boom, chain, e, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for one in (StopAsyncIteration, StopIteration, KeyError):
            for begun in (True, False):
                items = self.values()
                try:
                    if begun:
                        await anext(items)
                    await items.athrow(one)
                except Exception as err:
                    note(str(chain(err)))


@application
def app():
    return Main()
