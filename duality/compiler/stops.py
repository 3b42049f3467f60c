"""Find the places of a spec from which control comes to a blocking point.

    before   while await self.more(x): x = step(x)
    after    in front of the `while`, at the end of its body, in front of each `continue`

Rule: in front of each statement with a blocking point anywhere in it; and where control comes back to one in a head, or
to the end of an ``async with``: there at the end of the body, and in front of the jumps. An ``elif`` has no line before
it, and the error that leaves an ``async with`` passes none.
"""

import ast
from collections.abc import Iterator

from attrs import frozen

from duality.compiler.lowered import Lowered
from duality.compiler.read import Procedure
from duality.compiler.slots import has_await
from duality.compiler.tree import Block, Loop, Statement, Try, blocks_of

Place = tuple[int, int]  # (identity of a block, position in it)
_HIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@frozen
class Stop:
    """A place of the spec from which control comes to a blocking point: in front of ``node``, or at its body's end.

    ``around``: the loops, the ``async with`` statements and the ``except`` clauses that it stands in, innermost last.
    """

    node: ast.stmt
    around: tuple[ast.AST, ...]
    end: bool = False


def stops(procedure: Procedure) -> Iterator[Stop]:
    """Every place from which control comes to a blocking point, as far as a line can stand there."""
    yield from _stops(procedure, procedure.tree.body, ())


def _stops(procedure: Procedure, body: list[ast.stmt], around: tuple[ast.AST, ...]) -> Iterator[Stop]:
    for node in body:
        if (has_await(node) or _comes_by(node, around)) and not _is_elif(procedure, node):
            yield Stop(node, around)
        for inside, part in () if isinstance(node, _HIDDEN) else _bodies(node):
            yield from _stops(procedure, part, (*around, *inside))
        if isinstance(node, ast.AsyncWith) or _each_turn(node):
            yield Stop(node, (*around, node), end=True)


def _bodies(node: ast.AST) -> Iterator[tuple[list[ast.AST], list[ast.stmt]]]:
    """The blocks of a statement, each with what is around it besides what is around the statement."""
    entered: list[ast.AST] = [node] if isinstance(node, ast.For | ast.While | ast.AsyncFor | ast.AsyncWith) else []
    for field, value in ast.iter_fields(node):
        first = value[0] if isinstance(value, list) and value else None
        if isinstance(first, ast.stmt):
            yield entered if field == "body" else [], value
        elif isinstance(first, ast.excepthandler | ast.match_case):
            for one in value:
                yield [one] if isinstance(one, ast.excepthandler) else [], one.body


def _comes_by(node: ast.stmt, around: tuple[ast.AST, ...]) -> bool:
    """Whether a jump ends at a blocking point: the end of a scope, a loop's head that blocks in each turn."""
    for outer in reversed(around if isinstance(node, ast.Return | ast.Break | ast.Continue) else ()):
        if isinstance(outer, ast.AsyncWith):
            return True
        if not isinstance(node, ast.Return) and not isinstance(outer, ast.excepthandler):
            return isinstance(node, ast.Continue) and _each_turn(outer)
    return False


def _each_turn(node: ast.AST) -> bool:
    """Whether a blocking point stands in the head of a loop that every turn comes by."""
    if isinstance(node, ast.For):
        return has_await(node.target)
    return isinstance(node, ast.AsyncFor) or (isinstance(node, ast.While) and has_await(node.test))


def _is_elif(procedure: Procedure, node: ast.stmt) -> bool:
    text = procedure.line(node.lineno).encode()
    return isinstance(node, ast.If) and text.startswith(b"elif", node.col_offset)


class Places:
    """Where in the lowered blocks a stop is: in one place, or in each copy of a ``finally``."""

    def __init__(self, lowered: Lowered) -> None:
        self.pieces = lowered.pieces
        self._of: dict[int, Place] = {}
        self._note(lowered.body)

    def _note(self, block: Block) -> None:
        for position, one in enumerate(block):
            self._of[id(one)] = id(block), position
            for _, inner in blocks_of(one):
                self._note(inner)

    def places(self, stop: Stop) -> Iterator[Place]:
        """The places, in the blocks that were analysed."""
        for piece in self.pieces.get(id(stop.node), ()):
            if piece and not stop.end:
                yield self._of[id(piece[0])]
            elif piece:
                yield self._end(piece[-1], stop.node)

    def _end(self, last: Statement, node: ast.stmt) -> Place:
        if not isinstance(node, ast.AsyncWith):
            while isinstance(last, Try):  # around a loop, for its `else`
                last = last.body[-1]
        assert isinstance(last, Loop | Try)
        return id(last.body), len(last.body)
