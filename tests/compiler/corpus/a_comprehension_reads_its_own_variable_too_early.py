# a variable that a comprehension read too early had its value from the last time, or another name
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for one in (
            self.iterable, self.condition, self.again, self.asynchronous, self.target, self.kept, self.within, self.later,
            self.inner, self.element,
        ):
            try:
                note(await one([]))
            except NameError as err:
                note(type(err).__name__, str(err))

    async def iterable(self, log):
        return [await aside(x) for x in (1,) for y in y]

    async def condition(self, log):
        return [await aside(x) for x in (1,) if y for y in (2,)]

    async def again(self, log):
        for turn in (1, 2):
            try:
                log += [await aside((x, y)) for x in (turn,) if x == 1 or y for y in (x, 2)]
            except NameError as err:
                note(turn, str(err))
        return log

    async def each(self):
        yield await aside(0)

    async def asynchronous(self, log):
        return {x: y async for x in self.each() if y for y in (2,)}

    async def target(self, log):
        return {await aside(x) for log[y], y in [(1, 2)] for x in (3,)}

    async def kept(self, log):
        return [await aside(f()) for x in (1,) for f in [lambda: y] if f() for y in (2,)]

    async def within(self, log):
        return [x for x in (1,) for z in [await aside(y) for _ in (1,)] for y in (2,)]

    async def later(self, log):
        return [await aside((x, y)) for x in (0, 1) if not x or y for y in (2, 3)]

    async def inner(self, log):
        return [[await aside(x) for x in (1,) for z in z] for y in (1,)]

    async def element(self, log):
        return [await aside([y for _ in (1,) if z]) for y in (1,) if [y for _ in (1,) if z] for z in (1,)]


@application
def app():
    return Main()
