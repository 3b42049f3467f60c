# patterns bind cells before their guard
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        f = lambda: (x, y, z)
        match (await aside(a), [1, 2, 3], {"k": 5, "l": 6}):
            case [x, [1, *y], {"k": int(), **z}] if e(0) or await aside(len(z)) - 1:
                note("no")
            case [x, [q, *y], {"k": 5 as w, **z}]:
                await aside(2)
                note(str(f()))
                x += 1
                await aside(x)
                return f()[0]


@application
def app():
    return Main()
