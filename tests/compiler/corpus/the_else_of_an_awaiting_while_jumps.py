# an else that leaves an outer loop
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        n = 0
        while go():
            while await aside(n < 2):
                n += 1
                if n == 5:
                    break
                if n == 1:
                    continue
            else:
                note("else")
                if n > 2:
                    break
                n += 3
                continue
            note("after")
        return n


@application
def app():
    return Main()
