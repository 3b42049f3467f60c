# defaults, annotations, keywords of a class: evaluated once, in order
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside


@module
class Main(Base):
    async def first(self, a, b=2):

        def f(x, y=await aside(1), *, z=await self.rests(2)) -> (await aside(4)):
            return x + y + z + a

        a = await aside(5)

        class C(object, metaclass=await aside(0) or type):
            n = a

            def m(self):
                return self.n + a

        g = lambda q=await aside(6): q + a
        a = 9
        return f(1) + C().m() + g() + len(f.__annotations__)


@application
def app():
    return Main()
