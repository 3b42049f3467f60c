# with, for, del, augmented and annotated assignment of cells
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, M, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        f = lambda: x + y
        with M(1) as x, M(2) as y:
            await aside(1)
            note(f())
        for x in [4, 5]:
            for y, z in [(await aside(6), 7)]:
                note(f())
        g = lambda: z
        del x
        try:
            f()
        except NameError as err:
            note(str(err))
        x, y = (await aside(2), 3)
        x += await aside(1)
        x: int = x + 1
        q: int
        return f() + g()


@application
def app():
    return Main()
