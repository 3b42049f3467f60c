# they swallow the error
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, boom


@module
class Main(Base):
    async def first(self, a, b=2):
        for i in range(4):
            try:
                await aside(i)
                if i == 1:
                    break
                boom(1)
            finally:
                await aside(i)
                if i == 0:
                    continue
                return i


@application
def app():
    return Main()
