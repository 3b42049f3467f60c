# global in an inner function hides a captured local
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside

G = 0


@module
class Main(Base):
    async def first(self, a, b=2):
        global G
        G = await aside(1)
        x = 1

        def f():
            global x
            try:
                return x
            except NameError:
                return -1

        def g():
            global G
            G += 1
            return x

        await aside(2)
        x = 3
        return f() + g() + G


@application
def app():
    return Main()
