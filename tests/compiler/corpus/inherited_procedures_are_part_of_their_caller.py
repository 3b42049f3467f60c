# super() in procedures and entries, two arguments, three levels
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, yield_now
from tests.compiler.fuzz.witness import Base, aside, note, tell


@module
class A(Base):
    async def p(self, x):
        note("A.p", x)
        await yield_now()
        return x

    @entry
    async def q(self, x):
        note("A.q", x)
        self.count += 1
        await yield_now()
        return x + self.count

    @procedure
    async def r(self, x):
        return x + await aside(x)


@module
class B(A):
    async def p(self, x):
        note("B.p")
        return 10 * await super().p(x + await aside(1))

    @entry
    async def q(self, x):
        y = await super().q(x)
        return y + await super().q(x + 1)


@module
class Main(B):
    async def p(self, x):
        note("Main.p", str(__class__))
        t = fork(super(B, self).p, 7)
        return await super().p(x) + await super(B, self).p(x) + await join(t)

    @entry
    async def q(self, x):
        try:
            return await super().q(x) + len([super(Main, self).r for _ in (1,)])
        finally:
            await super().r(x)

    @procedure
    async def r(self, x):
        f = lambda s: super().rests
        note(str(f(self))[:10])
        return await super().r(x) + await super().quick(2)

    async def first(self, a, b=2):
        return tell(await self.p(a), await self.q(b), await self.r(3), await self.p(4))


@application
def app():
    return Main()
