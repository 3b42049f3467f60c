# an else that jumps, in a try with a finally
# ruff: noqa
from duality import application, module, yield_now
from tests.compiler.fuzz.witness import Base, aside, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        for i in range(3):
            try:
                while await aside(i) and go():
                    if i == 2:
                        break
                    await yield_now()
                else:
                    await aside(8)
                    if i == 1:
                        continue
                    return 5
            finally:
                note("f", i)


@application
def app():
    return Main()
