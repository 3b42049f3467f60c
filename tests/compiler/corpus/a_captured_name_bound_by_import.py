# imports bind a cell
# ruff: noqa
from duality import application, module
from tests.compiler.fuzz.witness import Base, aside, note


@module
class Main(Base):
    async def first(self, a, b=2):
        f = lambda: (json, p, x)
        try:
            f()
        except NameError as err:
            note(str(err))
        import json
        import os.path as p
        from sys import maxsize as x

        await aside(1)
        note(json.dumps([1]), p.join("a", "b"), x > 5, f() == (json, p, x))
        del json
        await aside(1)
        try:
            f()
        except NameError as err:
            note(str(err))


@application
def app():
    return Main()
