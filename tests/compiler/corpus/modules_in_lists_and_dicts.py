# modules in fields, their procedures overridden
# ruff: noqa
from duality import application, entry, fork, join, module, yield_now
from tests.compiler.fuzz.witness import Base, aside
from attrs import field


@module
class W1:
    n: int = 0

    @entry
    async def p(self, x):
        self.n += x
        await yield_now()
        return self.n


@module
class W2(W1):
    @entry
    async def p(self, x):
        self.n += 10 * x
        await yield_now()
        await aside(x)
        return self.n


@module
class Main(Base):
    workers: list = field(factory=lambda: [W1(), W2(), W1()])
    named: dict = field(factory=lambda: {"a": W2(), "b": W1()})
    pool: "list[W1]" = field(factory=lambda: [W2(), W1()])

    async def first(self, a, b=2):
        total = await self.workers[a % 3].p(1) + await self.named["b"].p(2)
        for w in self.workers:
            total += await w.p(a)
        for k, w in self.named.items():
            total += await w.p(b)
        tasks = [fork(w.p, 3) for w in self.pool]
        for t in tasks:
            total += await join(t)
        x, *ws = self.workers
        return total + await x.p(1) + await max(ws, key=lambda w: w.n).p(3) + await self.pool[-1].p(5)


@application
def app():
    return Main()
