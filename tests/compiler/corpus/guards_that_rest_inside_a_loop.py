# guards that rest, and bodies that jump
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, W, aside, e, go, note


@module
class Main(Base):
    async def first(self, a, b=2):
        while go():
            match [a, b, 3]:
                case [p, *q] if await aside(0):
                    note(1)
                case [p, q] if e(1):
                    break
                case {"a": 1}:
                    pass
                case [p, q, r] if await aside(p):
                    if go():
                        continue
                    break
                case W(number=n):
                    pass
                case _ if await aside(0):
                    pass
                case str() | bytes():
                    pass
            note(2)
        return p


@application
def app():
    return Main()
