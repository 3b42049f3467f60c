# each target of a del is deleted before the next is evaluated
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, e, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        d = {1: 2, 3: 4, 5: 6}
        del d[await aside(1)], d[e(3)], d[await aside(5)]
        x = [1, 2, 3, 4, 5]
        del x[await aside(1) : await aside(2)]
        try:
            del x[0], x[await aside(9)], x[0]
        except IndexError:
            pass
        return tell(*x)


@application
def app():
    return Main()
