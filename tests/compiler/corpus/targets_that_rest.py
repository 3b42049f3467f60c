# targets: unpacked first, then each evaluated when its turn comes
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, M, aside, e, note, tell


@module
class Main(Base):
    async def ident(self, x):
        await yield_now()
        return x

    async def first(self, a, b=2):
        d = {}
        c, d[await aside(c)], *d[await aside(4)] = (e(1), e(2), e(3), e(4))
        d[await aside(1)], (d[e(2)], d[await aside(3)]) = d[await aside(7)] = (1, (2, 3))
        for d[await aside(9)] in [5, 6]:
            note(d[9])
        with M(3) as d[await aside(10)], M(4) as d["x"]:
            note(4)
        d[await aside(1)] += await aside(5)
        x = [1, 2, 3, 4]
        x[await aside(1) : 3] += [await aside(7)]
        (await self.ident(self)).count: int
        (await self.ident(self)).count = 4
        x[await aside(0)]: int = 5
        return tell(*x, *d, *map(str, d.values()))


@application
def app():
    return Main()
