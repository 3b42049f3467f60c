# decorators are evaluated from above and applied from below
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):

        def deco(k):
            note("deco", k)

            def d(fn):
                note("d", k)
                return fn

            return d

        @deco(await aside(1))
        @deco(await aside(2))
        def f(x=await aside(3)):
            return x

        @deco(await aside(4))
        class K:
            x = f()

        return f() + K.x


@application
def app():
    return Main()
