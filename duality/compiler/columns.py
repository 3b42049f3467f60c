"""What a traceback underlines in a line of the spec: the spec's own words, or nothing.

    before   columns of the generated text, which Python would look for in the spec's line
    after    of a call that may block, those it has in the spec; of everything else, none

Rule: a line number is always the spec's (``load.py``); a column is, or is not told. Among threads the columns of such
calls also say where a parked stack stands, so that the table of positions goes along.
"""

import ast
from collections.abc import Mapping
from typing import Any

from duality.compiler.erase import Standing, position
from duality.compiler.points import Points, blocking_nodes
from duality.compiler.read import Procedure
from duality.core.positions import Position


def of_the_spec(procedure: Procedure, points: Points, table: Standing) -> dict[Position, Position]:
    """For each position in a text: the same lines, and the columns that the call there has in the spec."""
    spans = {
        points.of[id(node)]: position(node) for node in blocking_nodes(procedure.tree) if isinstance(node, ast.Await)
    }
    found = {place: place for place in table.positions}
    for place, node in table.calls.items():
        spec = spans.get(node, place)
        found[place] = (place[0], spec[1], place[2], spec[3])
    return found


def put(function: ast.AST, places: Mapping[Position, Position]) -> None:
    """Give what stands at one of ``places`` its columns, and take those of everything else."""
    placed: list[Any] = [node for node in ast.walk(function) if hasattr(node, "col_offset")]
    displays = [node for node in placed if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)]
    # CPython 3.11 gives the turns of a comprehension the place of something inside it: there, all keep their columns.
    kept = {id(inner) for node in displays if _place(node) in places for inner in ast.walk(node)}
    for node in placed:
        place = _place(node)
        if id(node) in kept and place not in places:
            continue
        _, node.col_offset, _, node.end_col_offset = places.get(place, (0, -1, 0, -1))


def _place(node: Any) -> Position:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def stand(calls: Mapping[ast.Call, Position]) -> None:
    """Put calls where they stand in the spec."""
    for call, (line, column, last, end) in calls.items():
        call.lineno, call.col_offset, call.end_lineno, call.end_col_offset = line, column, last, end
