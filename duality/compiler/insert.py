"""Put the drops into the erased text.

    before       total = count(page)
                 sleep(total)
    after        total = count(page)
                 del page  # dead from here on
                 sleep(total)

Rule: a drop has a line of its own, which counts as the line of the statement below (at the end of a body: of its head,
where control goes on), so that no line number of the spec changes for a traceback, a debugger or coverage. Only where
that statement shares its line with another, the drop does too.
"""

import ast
from collections.abc import Iterator, Mapping

from attrs import define, field, frozen

from duality.compiler.drop import Drop
from duality.compiler.erase import Standing, erase, first_line, pairs, standing
from duality.compiler.points import Points
from duality.compiler.read import Procedure
from duality.compiler.unwarned import parse
from duality.core.positions import Position

NOTE = b"  # dead from here on"


@define
class _Row:
    """A line of the text. ``added``: the columns (from, to) of what was put into it."""

    text: bytes
    origin: int | None
    counts_as: int
    added: list[tuple[int, int]] = field(factory=list)

    def put(self, column: int, text: bytes) -> None:
        """Put ``text`` before ``column``; what was put behind it moves on."""
        self.text = self.text[:column] + text + self.text[column:]
        moved = [(start + len(text), end + len(text)) for start, end in self.added]
        self.added = [(column, column + len(text)), *moved]


@frozen(eq=False)
class Inserted:
    """The threads program. ``origin``: the spec's line for each line of ``text``, None for one that only drops.

    ``counts_as``: the spec's line that each counts as.   ``standing``: where in ``text`` each blocking point stands.
    """

    text: str
    origin: list[int | None]
    counts_as: list[int]
    standing: Standing

    def line(self, number: int) -> int:
        """The spec's line that a line of the text counts as, both from 1."""
        return self.counts_as[number - 1]

    def stands(self, places: dict[Position, Position]) -> Standing:
        """Where the compiled code has them: in lines of the spec, in the columns that ``places`` gives."""

        def moved(place: Position) -> Position:
            first, column, last, end = places[place]
            return self.line(first), column, max(self.line(first), self.line(last)), end

        return self.standing.moved(moved)


def insert(procedure: Procedure, drops: list[Drop], points: Points, names: Mapping[str, str]) -> Inserted:
    """The erased text of the procedure, with its drops. ``names``: see ``erase``."""
    text = erase(procedure, names)
    rows = [_Row(line.encode(), number, number) for number, line in enumerate(text.split("\n"), first_line(procedure))]
    erased = dict(pairs(procedure, parse(text).body[0]))
    # From the last one to the first, so that no place moves before it is used; at one place the inner body ends first.
    spots = [_Spot(erased[one.stop.node], one.stop.end, str(one).encode()) for one in drops]
    for spot in sorted(spots, key=lambda spot: (spot.line, spot.column, -spot.margin), reverse=True):
        spot.write(rows)
    text = "\n".join(row.text.decode() for row in rows)
    tree = parse(text).body[0]
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, list(_without_added(value, rows)))
    return Inserted(
        text, [row.origin for row in rows], [row.counts_as for row in rows], standing(procedure, points, tree)
    )


def _without_added(nodes: list[ast.AST], rows: list[_Row]) -> Iterator[ast.AST]:
    for node in nodes:
        added = rows[node.lineno - 1].added if isinstance(node, ast.stmt) else ()
        if not any(start <= node.col_offset < end for start, end in added):  # type: ignore[attr-defined]
            yield node


class _Spot:
    """Where a drop goes: in front of ``node``, or behind the last statement of its body."""

    def __init__(self, node: ast.AST, end: bool, drop: bytes) -> None:
        assert isinstance(node, ast.stmt)
        self.node, self.end, self.drop = node, end, drop
        body: list[ast.stmt] = getattr(node, "body", []) if end else [node]
        self.first, last = body[0], body[-1]
        marks: list[ast.expr] = getattr(node, "decorator_list", [])
        self.line, self.column = min([node.lineno, *(mark.lineno for mark in marks)]), node.col_offset
        if end:
            self.line, self.column = last.end_lineno or 0, last.end_col_offset or 0
        self.margin = self.first.col_offset

    def write(self, rows: list[_Row]) -> None:
        """Write the drop."""
        place = self.first.lineno - 1
        margin = rows[place].text[: self.margin]
        if margin.strip() or rows[place - 1].text.endswith(b"\\"):
            rows[self.line - 1].put(self.column, b"; " + self.drop if self.end else self.drop + b"; ")
            return
        counts_as, added = rows[self.node.lineno - 1].counts_as, (0, len(margin + self.drop))
        row = _Row(margin + self.drop + NOTE, None, counts_as, [added])
        rows.insert(self.line if self.end else self.line - 1, row)
