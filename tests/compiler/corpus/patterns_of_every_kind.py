# every kind of pattern, rests in the bodies
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):

        class P:
            __match_args__ = ("x", "y")

            def __init__(self, x, y):
                self.x, self.y = (x, y)

        for it in [1, -2.5, "a", None, [1, 2], (3, 4, 5, 6), {"a": 1, "b": 2}, P(1, P(2, 3)), b"x", True, {1}]:
            match it:
                case True | False:
                    await aside(1)
                case int(x) | float(x):
                    await aside(2)
                    note(x)
                case str() as s if len(s):
                    await aside(3)
                case None:
                    await aside(4)
                case [p, 2]:
                    await aside(p)
                case [p, *q]:
                    await aside(len(q))
                case {"a": v, **r}:
                    await aside(v)
                    note(len(r))
                case P(u, y=P(2, y=v)):
                    await aside(u + v)
                case bytes():
                    await aside(6)
                case _:
                    note("other")


@application
def app():
    return Main()
