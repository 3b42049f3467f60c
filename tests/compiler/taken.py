"""Which points of a small text Python itself passes, one after the other; and which the flow of the text tells of.

Calls of one letter, ``a()``, are points. Each of them may fail before it is passed, or after, or be true, or false. The
other names of a text:

    T, U    each turn of a loop over it is a point, and may be the last one; ``many`` has turns that are no points
    M, N    a manager that is entered (``+M``) and left (``-M``) at points; ``S`` is only left at one, ``plain`` at none
    kind()  an exception's type, which catches what the points raise, or does not; ``part()`` is one for `except*`

Rule: what is taken is found by running the text in every way that it can be answered, as deep as one asks for; nothing
of the compiler has a part in it.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from duality.compiler.graph_of_source import SourceFlow, Text
from duality.graph import Node

Edges = set[tuple[str, str]]
POINTS = "abcdefg"
TURNS = ("T", "U")
MANAGERS = ("M", "N")
SCOPE = "S"


class _Cut(BaseException):
    """The run is as long as it may be."""


class _Run:
    """One run: ``script`` says what is chosen first; it grows with what is chosen after that."""

    def __init__(self, script: list[list[int]], most: int) -> None:
        self.script, self.most, self.place = script, most, 0
        self.last, self.edges, self.over = "begin", set[tuple[str, str]](), False

    def choose(self, options: int) -> int:
        """One of ``options`` numbers: as the script says, and then the first."""
        if self.place == self.most or self.over:
            self.over = True
            raise _Cut
        if self.place == len(self.script):
            self.script.append([0, options])
        self.place += 1
        return self.script[self.place - 1][0]

    def passes(self, name: str) -> None:
        """Control comes to ``name``."""
        if not self.over:
            self.edges.add((self.last, name))
            self.last = name

    def point(self, name: str | None) -> int:
        """Pass a point, if it is one, and answer; or fail before or after it."""
        chosen = self.choose(4 if name is not None else 3)
        if chosen == 2:
            raise _failure()
        if name is not None:
            self.passes(name)
        if chosen == 3:
            raise _failure()
        return chosen

    def turns(self, name: str | None) -> Iterator[int]:
        """What a loop goes through."""
        while self.point(name):
            yield 1

    def names(self) -> dict[str, Any]:
        """What the names of a text mean in this run."""
        return {
            **{name: (lambda name=name: self.point(name)) for name in POINTS},
            **{name: _Turns(self, name) for name in TURNS},
            **{name: _Manager(self, f"+{name}", f"-{name}") for name in MANAGERS},
            "many": _Turns(self, None),
            SCOPE: _Manager(self, None, f"-{SCOPE}"),
            "plain": _Manager(self, None, None),
            "kind": lambda: (ExceptionGroup, UnicodeError)[self.choose(2)],
            "part": lambda: (Exception, KeyError, LookupError, UnicodeError)[self.choose(4)],
        }


class _Turns:
    def __init__(self, run: _Run, name: str | None) -> None:
        self.run, self.name = run, name

    def __iter__(self) -> Iterator[int]:
        return self.run.turns(self.name)


class _Manager:
    def __init__(self, run: _Run, enter: str | None, leave: str | None) -> None:
        self.run, self.enter, self.leave = run, enter, leave

    def __enter__(self) -> None:
        self.run.point(self.enter)

    def __exit__(self, *error: object) -> bool:
        return bool(self.run.point(self.leave))


def _failure() -> Exception:
    return ExceptionGroup("", [KeyError(), IndexError()])


def texts_of(*blocks: str) -> list[str]:
    """Texts that stand below one another, a blank line between them."""
    return [text for block in blocks for text in block.strip("\n").split("\n\n")]


def taken(text: str, most: int = 8) -> Edges:
    """The edges of every run of at most ``most`` choices; the last are to ``end``, or to ``error``."""
    code = compile(f"def p():\n{textwrap.indent(text, '    ')}", "text", "exec")
    script: list[list[int]] = []
    found: Edges = set()
    while True:
        run = _Run(script, most)
        names = run.names()
        exec(code, names)
        try:
            names["p"]()
            run.passes("end")
        except (_Cut, Exception, BaseExceptionGroup):
            run.passes("error")  # says nothing where the run was cut
        found |= run.edges
        while script and script[-1][0] == script[-1][1] - 1:
            script.pop()
        if not script:
            return found
        script[-1][0] += 1


def told(text: str) -> Edges:
    """The edges that the flow of ``text`` tells of, with those to ``end`` and to ``error``."""
    flow = SourceFlow(Text(_point, _turn, _entered, _left))
    function = ast.parse(f"def p():\n{textwrap.indent(text, '    ')}").body[0]
    assert isinstance(function, ast.FunctionDef)
    out = flow.block(function.body, frozenset({_node("begin")}))
    flow.passes(out.next | out.returns, _node("end"))
    flow.passes(out.errors, _node("error"))
    assert not out.breaks | out.continues, "no loop is left by them"
    return {(edge.source.kind, edge.target.kind) for edge in flow.edges}


def _node(name: str) -> Node:
    return Node("p", name, 1, 1)


def _named(node: ast.AST, names: Sequence[str]) -> Node | None:
    # Inside it: a text writes `[a(), T][1]` where something is to be asked before.
    return next((_node(one.id) for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in names), None)


def _point(node: ast.AST) -> Node | None:
    return _named(node.func, POINTS) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None


def _turn(node: Any, generator: ast.comprehension | None = None) -> Node | None:
    return _named((generator or node).iter, TURNS)


def _entered(node: ast.AST, item: ast.withitem) -> Node | None:
    found = _named(item.context_expr, MANAGERS)
    return _node(f"+{found.kind}") if found is not None else None


def _left(node: ast.AST, item: ast.withitem) -> Node | None:
    found = _named(item.context_expr, (*MANAGERS, SCOPE))
    return _node(f"-{found.kind}") if found is not None else None


def told_besides(text: str) -> None:
    """Assert that what is taken is told, and besides exactly what the text's last comment says: ``# a > e, b > e``."""
    more = {tuple(edge.split(" > ")) for edge in text.rpartition("# ")[2].split(", ")}
    assert told(text) - taken(text) == more, text
    assert taken(text) <= told(text), text
