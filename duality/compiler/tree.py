"""The lowered program: blocks of statements in which every rest is a statement of its own.

Rule: data only. A list of statements is a block. A construct that a rest cuts through has the shape the cut needs
(an iterator by name, ways out instead of ``finally``); one that nothing cuts through keeps Python's own.
"""

import ast
from collections.abc import Iterator
from typing import TypeAlias

from attrs import define, field

from duality.graph import Node


@define(eq=False)
class Simple:
    """A statement without blocks of its own, kept as the spec wrote it (an inner function counts as one)."""

    node: ast.stmt
    line: int


@define(eq=False)
class Rest:
    """``target = await call``: the only statement that may block. ``target`` None drops the value.

    ``of_scope``: it is the end of a scope, whose node may be that of other managers of the same ``async with``.
    """

    target: str | None
    call: ast.Call
    node: Node
    line: int
    of_scope: bool = False

    @property
    def asks(self) -> bool:
        """Whether it is a message to another procedure, and not to the machine."""
        return self.node.kind == "call" and not self.of_scope


@define(eq=False)
class If:
    """``if test: body else: orelse``."""

    test: ast.expr
    body: "Block"
    orelse: "Block"
    line: int


@define(eq=False)
class Match:
    """``match subject:`` with one block per case; ``cases`` keep pattern and guard."""

    subject: ast.expr
    cases: list[tuple[ast.match_case, "Block"]]
    line: int


@define(eq=False)
class Loop:
    """``while test`` (items None), or ``for target in items``; cut by a rest, ``items`` is an iterator kept by name.

    ``kept``: that name, or "". Where the loop is left, Python lets the iterator go.
    """

    test: ast.expr | None
    target: ast.expr | None
    items: ast.expr | None
    body: "Block"
    orelse: "Block"
    line: int
    kept: str = ""

    @property
    def endless(self) -> bool:
        """Whether only ``break`` ends it: ``while True``."""
        return isinstance(self.test, ast.Constant) and bool(self.test.value)


@define(eq=False)
class Catch:
    """One ``except`` clause. ``pending`` names the variable that holds the error, across rests too, or ""."""

    type: ast.expr | None
    pending: str
    body: "Block"
    line: int


@define(eq=False)
class Try:
    """``try: body except ...: else: orelse``.

    Cut by a rest, it has ``exits`` instead of a ``finalbody``: the ways out that must run the ``finally`` first.
    """

    body: "Block"
    catches: list[Catch]
    orelse: "Block"
    line: int
    finalbody: "Block" = field(factory=list)
    star: bool = False
    exits: dict[str, "Block"] = field(factory=dict)


@define(eq=False)
class With:
    """``with items: body``, in which nothing rests and out of which nothing jumps."""

    items: list[ast.withitem]
    body: "Block"
    line: int


@define(eq=False)
class Return:
    """``return value``, not inside any ``finally`` that has still to run."""

    value: ast.expr | None
    line: int


@define(eq=False)
class Leave:
    """Go to the exit ``key`` of an enclosing Try: out of its ``try`` text, then through its ``finally``."""

    to: Try
    key: str
    line: int


@define(eq=False)
class Break:
    """Leave the innermost Loop."""

    line: int


@define(eq=False)
class Continue:
    """Go on with the next turn of the innermost Loop."""

    line: int


Statement: TypeAlias = Simple | Rest | If | Match | Loop | Try | With | Return | Leave | Break | Continue
Block: TypeAlias = list[Statement]


def blocks_of(statement: Statement) -> list[tuple[str, Block]]:
    """The blocks inside a statement, each with its role there, in order of the text."""
    if isinstance(statement, If):
        return [("arm", statement.body), ("arm", statement.orelse)]
    if isinstance(statement, Match):
        return [("arm", body) for _, body in statement.cases]
    if isinstance(statement, Loop):
        return [("loop", statement.body), ("arm", statement.orelse)]
    if isinstance(statement, Try):
        catches = [("catch", catch.body) for catch in statement.catches]
        exits = [("exit", body) for body in statement.exits.values()]
        final = ("arm", statement.finalbody)
        return [("try", statement.body), *catches, ("arm", statement.orelse), final, *exits]
    if isinstance(statement, With):
        return [("arm", statement.body)]
    return []


def blocks(block: Block) -> Iterator[Block]:
    """``block`` and every block below it, in order of the text."""
    yield block
    for statement in block:
        for _, inner in blocks_of(statement):
            yield from blocks(inner)


def rests_in(block: Block) -> list[Rest]:
    """Every rest below ``block``, in order of the text."""
    found: list[Rest] = []
    for statement in block:
        if isinstance(statement, Rest):
            found.append(statement)
        for _, inner in blocks_of(statement):
            found.extend(rests_in(inner))
    return found
