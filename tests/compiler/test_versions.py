"""Syntax that only later Pythons have: each program runs on the three where this Python reads it."""

import sys
from pathlib import Path

import pytest

from tests.compiler.fuzz.__main__ import difference

HEAD = """\
from duality import application, entry, module
from tests.compiler.fuzz.witness import Base, aside, e, note, tell
"""
TAIL = """
@application
def app():
    return Main()
"""

GENERICS = """
@module
class Box[T](Base):
    kept: list = None

    @entry
    async def put[S: (int, str)](self, thing: S, *, kind: type[T] = int) -> S:
        self.kept = [thing, await aside(1), str(S), str(T)]
        return thing

@module
class Main(Box[int]):
    async def first[A, *B, **C](self, a: A, b: A = 2) -> A:
        thing = await self.put(a)
        def inner[Q: A](x: Q, y: Q = await aside(b)) -> Q:
            return x, y, str(Q), thing
        class Inner[R]:
            kind = R
            def told(self): return str(R), str(A), thing
        type Pair[Z] = tuple[Z, A, thing]
        thing = await aside(3)
        told = lambda: (str(Pair.__value__), str(A))
        note(*self.kept, *inner(1), *Inner().told(), *told())
        return thing
"""
CELLS_AND_PARAMETERS = """
@module
class Main(Base):
    async def first(self, a, b=2):
        kind = a
        now = lambda: kind
        def bounded[Q: (kind, b)](): return kind
        class Bounded[R: kind]: pass
        type Pair[S: kind] = tuple[S, kind]
        def hidden[kind](): return str(kind), (lambda: str(kind))()
        class Hidden[kind]:
            def told(self): return str(kind)
        type Alone[kind] = list[kind]
        kind = await aside(3)
        told = [one.__type_params__[0].__bound__ for one in (Bounded, Pair)], bounded.__type_params__[0].__constraints__
        note(str(told), str(Pair.__value__), str(Alone.__value__), *hidden(), Hidden().told(), now(), bounded())
        return kind
"""
NESTED_QUOTES = """
@module
class Main(Base):
    async def first(self, a, b=2):
        d = {"k": 3}
        return f"{d["k"] + await aside(a)} {f"{await aside(d["k"])!r:>{await aside(4)}}"} {
            await aside(5)  # a comment
        } {"\\n".join(["x", "y"])}"
"""
PROGRAMS = [
    ("generics", (3, 12), GENERICS),
    ("type parameters and cells", (3, 12), CELLS_AND_PARAMETERS),
    ("quotes inside quotes", (3, 12), NESTED_QUOTES),
]


@pytest.mark.parametrize(("since", "text"), [pytest.param(*rest, id=name) for name, *rest in PROGRAMS])
def test_a_later_python_s_syntax_means_the_same_three_times(since: tuple[int, int], text: str, tmp_path: Path) -> None:
    if sys.version_info < since:
        with pytest.raises(SyntaxError):
            compile(HEAD + text, "program", "exec")
        return
    found = difference(HEAD + text + TAIL, tmp_path)
    assert not found, found
