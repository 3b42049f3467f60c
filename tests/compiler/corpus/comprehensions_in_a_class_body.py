# comprehensions in a class body see past the class
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, tell


@module
class Main(Base):
    async def first(self, a, b=2):
        n = 2

        class C:
            n = 3
            a = [n for _ in range(1)]
            b = list((n for q in [n]))
            c = (lambda: n)()

            @staticmethod
            def d(k=n):
                return n + k

        n = await aside(5)
        return tell(*C.a, *C.b, C.c, C.d())


@application
def app():
    return Main()
