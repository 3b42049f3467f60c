# refused, for a variable of the comprehension that the lambda does not see
# ruff: noqa
from duality import application, entry, fork, join, module, procedure, scope, yield_now
from tests.compiler.fuzz import witness
from tests.compiler.fuzz.witness import Base, Boom, Steps, aside, boom, e, note


@module
class Main(Base):
    async def first(self, a, b=2):
        c = e(1)
        return [await aside(c) for c in (lambda: [c, c + 1])()]


@application
def app():
    return Main()
