# __names of locals, attributes, procedures, inner classes
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, aside


@module
class Main(Base):
    async def __p(self, x):
        await yield_now()
        return x

    async def first(self, a, b=2):
        __x = 1
        self.__y = await aside(2)
        f = lambda: __x + self.__y
        __x = await self.__p(3)

        class _In:
            def m(self):
                return [n for n in dir(self) if "z" in n]

            __z = 4

        return f() + len(_In().m())


@application
def app():
    return Main()
