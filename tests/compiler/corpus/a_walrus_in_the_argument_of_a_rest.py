# the record was written before the argument bound the variable
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz.witness import Bang, Base, Boom, Crash, M, W, aside, boom, e, go, note, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        await self.other.answered((d := 7))
        note(d)
        await self.outcome(self.taken, *[e(1)], [w := q for q in (2, 3)])
        return d + w

    async def taken(self, a, b):
        return [a, *b]


@application
def app():
    return Main()
