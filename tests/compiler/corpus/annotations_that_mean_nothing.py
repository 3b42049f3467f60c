# from __future__ import annotations; decorators that only annotate
# ruff: noqa
from __future__ import annotations
from duality import application, module, procedure, yield_now
from tests.compiler.fuzz.witness import Base, aside, note


def mark(fn):
    fn.marked = 1
    return fn


def tag(n):

    def d(fn):
        fn.tag = n
        return fn

    return d


@module
class Main(Base):
    mate: Base = None

    @mark
    @procedure
    @tag(4)
    async def first(self, a: Undefined, b: list[Nope] = 2) -> Never:

        def f(x: Nothing = 1) -> Nix:
            return x

        c: Bad = await aside(f())
        note(str(f.__annotations__))

        class K:
            y: Nada = 3

        note(str(K.__annotations__), self.first.__func__.__name__)
        await yield_now()
        return c


@application
def app():
    return Main()
