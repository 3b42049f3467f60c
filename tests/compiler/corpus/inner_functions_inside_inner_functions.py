# nonlocal through several levels, names that hide
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        t = 1

        def f():
            x = 5

            def g():
                nonlocal x, t
                x += 1
                t += x

                def h():
                    nonlocal t
                    t += 100
                    return lambda: (x, t)

                return h

            return g

        def k(t):

            def l():
                nonlocal t
                t += 1
                return t

            return l

        h = f()()
        t += await aside(1)
        note(str(h()()))
        await aside(t)

        def r(n):
            return n if n < 1 else r(n - 1) + t

        note(k(4)())
        r2 = r
        await aside(1)
        return r2(2)


@application
def app():
    return Main()
