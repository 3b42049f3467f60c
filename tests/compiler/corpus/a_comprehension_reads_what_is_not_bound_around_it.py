# a comprehension that rests read a variable without a value as a local, where CPython 3.11 reads it from around
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, Boom, aside, boom, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for one in (
            self.condition, self.element, self.argument, self.later, self.target, self.inside, self.walrus,
            self.deleted, self.handled, self.celled, self.emptied, self.asynchronous, self.pairs, self.never, self.bound,
            self.outer, self.middle, self.defaults, self.turns,
        ):
            for c in (0, 1):
                try:
                    note(await one(c))
                except NameError as err:
                    note(c, type(err).__name__, str(err))

    async def condition(self, c):
        if c:
            f = 1
        return [await aside(x) for x in (1, 2) if f]

    async def element(self, c):
        if c:
            f = 1
        await yield_now()
        return [f for x in (1, 2) if await aside(x)]

    async def argument(self, c):
        if c:
            f = 1
        return {await aside(f): await aside(x) for x in (1, 2)}

    async def later(self, c):
        if c:
            f = "ab"
        return {(x, y) for x in "cd" if await aside(x) for y in f}

    async def target(self, c):
        if c:
            f = [1, 2]
        return [f[0] for f[await aside(0)] in (1, 2)]

    async def inside(self, c):
        if c:
            f = 1
        return [[await aside(y) for y in (f, x)] + [f + 1 for _ in (1,)] for x in (1, 2)]

    async def walrus(self, c):
        if c:
            f = 1
        return [f + (f := await aside(x)) for x in (1, 2)], f

    async def deleted(self, c):
        f = 1
        if not c:
            del f
        return [await aside(x) + f for x in (1, 2)]

    async def handled(self, c):
        f = 1
        try:
            if not c:
                boom()
        except Boom as f:
            await yield_now()
        return [await aside(f) for x in (1, 2)]

    async def celled(self, c):
        g = lambda: f
        if c:
            f = 1
        return [f + await aside(x) for x in (1, 2)], g()

    async def emptied(self, c):
        f = 1

        def empty():
            nonlocal f
            del f

        if not c:
            empty()
        await yield_now()
        return [f + await aside(x) for x in (1, 2)]

    async def each(self):
        yield await aside(0)

    async def asynchronous(self, c):
        if c:
            f = 1
        return [x + f async for x in self.each()]

    async def pairs(self, c):
        if c:
            f = 1
        return {x: f for x in (1, 2) if await aside(x)}

    async def never(self, c):
        return [await aside(f) for x in (1, 2)]
        f = 1

    async def bound(self, c):
        f = c
        return [f + await aside(x) for x in (1, 2)]

    async def outer(self, c):
        if c:
            f = (1, 2)
        return [await aside(x) for x in f]

    async def middle(self, c):
        return [[await aside(y) for _ in (1,) if (y if x else x)] for x in (0, c) for y in (1,)]

    async def defaults(self, c):
        if c:
            f = 1
        return [(lambda y=f: y)() + await aside(x) for x in (1, 2)]

    async def turns(self, c):
        found = []
        for turn in range(2 + c):
            if turn == 1:
                found += [await aside(f) for x in (1, 2)]
            f = turn
            if not c:
                del f
        return found


@application
def app():
    return Main()
