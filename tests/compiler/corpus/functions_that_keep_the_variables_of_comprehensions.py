# a comprehension that rests was refused, if a function in it kept one of its variables; and if it only seemed to
# ruff: noqa
from duality import application, module, procedure, yield_now
from tests.compiler.fuzz.witness import Base, Boom, Steps, W, boom, e, keep, note, numbers, tell


@module
class Main(Base):
    async def first(self, a=2):
        kept = [lambda: note(q) or q + a for q in W(a) if await self.rests(q)]
        a = e(7)
        return [f() for f in kept]

    @procedure
    async def second(self, a=4, /):
        rows = [{q: (lambda: q + r) for q in W(r) if await self.rests(q) + 1} async for r in Steps(2)]
        tell(*[f() for row in rows for f in row.values()])
        lazy = [(q + r for r in [q, e(1)]) for q, r in zip(range(3), W(2)) if await self.quick(q) + 1]
        tell(*[sum(one) for one in lazy])
        return len([sum((q + 1 for q in [q, e()])) for q in range(3) if await self.rests(q) or boom(3)])


@application
def app():
    return Main()
