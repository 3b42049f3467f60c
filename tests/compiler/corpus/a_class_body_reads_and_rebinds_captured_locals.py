# what a class body binds, its methods do not see
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        x = a
        y = 2
        z = 3

        class C:
            x = x if "x" in globals() else 0
            n = y

            def m(self):
                return x + y

            k = [y + q for q in (1, 2)]
            nonlocal z
            z = 7

            class D:
                w = y + z

                def n(self):
                    return x * 100

            x = 5

            def p(self, u=x):
                return u + z

        x = await aside(10)
        y = await aside(20)
        c = C()
        return tell(c.x, c.n, c.m(), *c.k, z, c.D().n(), c.D.w, c.p(), C.x)


@application
def app():
    return Main()
