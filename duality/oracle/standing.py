"""Where a coroutine stands: which of the spec's blocking points its next instruction belongs to.

Among events and threads there is no such file: their programs say it. Rule: an instruction has a span of the source,
and at one span there may be several points (``async with await self.door():``), so the instruction itself says which:
CPython tells the awaits of a ``with`` from others (``GET_AWAITABLE``), and has one of its own for ``async for``.
"""

import ast
import dis
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any

from duality.compiler.erase import Standing
from duality.compiler.kept import kept
from duality.compiler.points import Points, blocking_nodes, points
from duality.compiler.read import Procedure, read
from duality.compiler.refuse import refuse
from duality.core.positions import Position, position
from duality.graph import Node

_AWAITS = ("calls", "enters", "exits")  # by the argument of GET_AWAITABLE
_PARKED = frozenset({"YIELD_VALUE", "SEND", "RESUME", "JUMP_BACKWARD_NO_INTERRUPT"})
_GIVES = frozenset({"ASYNC_GEN_WRAP", "CALL_INTRINSIC_1"})


def known(function: Callable[..., Any], owner: type | None) -> tuple[Points, Standing]:
    """The blocking points of a procedure, and where in its source they stand. Raises SpecError as a compiler would."""

    def locate() -> tuple[Points, Standing]:
        procedure = read(function, owner)
        refuse(procedure)
        where = points(procedure)
        return where, located(procedure, where)

    return kept(function, (known, owner), locate)


def located(procedure: Procedure, points: Points) -> Standing:
    """Where in the source of a procedure each of its blocking points stands, in every span CPython may give it."""
    found = Standing()
    for node in blocking_nodes(procedure.tree):
        where, whole = points.of[id(node)], _span(node)
        if isinstance(node, ast.AsyncWith):
            spans = [whole, *(_span(item.context_expr) for item in node.items)]
            found.enters.update(_each(spans, points.entered.get(id(node))))
            found.exits.update(_each(spans, where))
        elif isinstance(node, ast.Await | ast.Yield):
            found.calls.update(_each([whole, *([_span(node.value)] if isinstance(node, ast.Await) else [])], where))
        else:
            found.turns.update(_each([whole], where))
    return found


def _each(spans: list[Position], node: Node | None) -> dict[Position, Node]:
    return dict.fromkeys(spans, node) if node is not None else {}


def _span(node: ast.stmt | ast.expr) -> Position:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def at(stands: Standing, frame: FrameType) -> Node | None:
    """The point where the coroutine of ``frame`` stands."""
    return stands.at(role(frame.f_code, frame.f_lasti), position(frame))


@lru_cache(maxsize=4096)
def role(code: CodeType, standing: int) -> str:
    """Which table of a ``Standing`` an instruction belongs to, whose coroutine is about to await, or does."""
    instructions, places = _instructions(code)
    place = places[max(offset for offset in places if offset <= standing)]  # a call is followed by its caches
    if instructions[place][0] == "GET_ANEXT":
        return "turns"
    parked = instructions[place][0] in _PARKED
    for name, argument in reversed(instructions[:place]) if parked else instructions[place:]:
        if name == "GET_AWAITABLE":
            return _AWAITS[argument]
        if name == "POP_TOP" and not parked:  # a call that nobody awaits: a reply
            break
        if parked and (name == "GET_ANEXT" or name in _GIVES):
            return "turns" if name == "GET_ANEXT" else "calls"
    return "calls"


@lru_cache(maxsize=1024)
def _instructions(code: CodeType) -> tuple[list[tuple[str, int]], dict[int, int]]:
    found = list(dis.get_instructions(code))
    return [(one.opname, one.arg or 0) for one in found], {one.offset: place for place, one in enumerate(found)}
