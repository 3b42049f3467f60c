"""What a thread keeps while it rests, as its stack says it.

Beside ``records.py``, which reads the same off a chain of records.
"""

import dis
import sys
from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, cast

from attrs import frozen
from greenlet import getcurrent

from duality.graph import Node
from duality.proof.alive import alive_after, read_before
from duality.threads.protocols import role

DISPLAYS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})  # before CPython 3.12
_others: dict[int, CodeType] = {}  # by identity, which lasts as long as they are held here
_MOST_OTHERS = 4096
Show = Callable[[Any], str]


@frozen
class Standing:
    """What the bytecode says of a place in a program where a frame may stand.

    alive: the plain locals that may be read from there on.   operands: those whose values may wait on the operand
    stack.   shared: the variables in cells.   leaving: an error is on its way out of an ``async with`` there; what it
    made dead is bound still, for between it and the end of the scope stands no line that could drop it.   elsewhere:
    alive in another copy of the place: a ``finally`` stands once in the text, for both ways out of its block, and
    what is alive on the one cannot be dropped on the other.
    """

    alive: frozenset[str]
    elsewhere: frozenset[str]
    operands: frozenset[str]
    shared: frozenset[str]
    leaving: bool


@frozen
class Bound:
    """A procedure that a thread is in. ``bound``: the plain locals that its frame has, and their values as shown."""

    node: Node
    at: Standing
    bound: dict[str, str]


def kept(runtime: Any, task: Any, show: Show) -> list[Bound]:
    """The procedures that a thread is in, innermost first; ``task`` has just come to rest."""
    # A thread that rests looks for its successor itself: its stack is then the current one, and not yet parked.
    stack = task.greenlet
    found: list[Bound] = []
    while stack is not None and stack is not runtime.hub:
        frame: FrameType | None = sys._getframe() if stack is getcurrent() else stack.gr_frame
        called = None
        while frame is not None:
            node = None if _foreign(runtime, frame.f_code) else runtime.node_at(frame, role(called))
            if node is not None:
                while frame.f_code.co_name in DISPLAYS:  # a frame of its own, with variables that are its own
                    frame = cast(FrameType, frame.f_back)
                found.append(_bound(node, frame, show))
            called, frame = frame, frame.f_back
        stack = stack.parent  # the caller of a procedure that may reply waits on another one
    return found


def _foreign(runtime: Any, code: CodeType) -> bool:
    """Whether ``code`` is none of the run's programs: most frames are the machine's, and hashing a code is slow."""
    if _others.get(id(code)) is code:
        return True
    if code in runtime.stands:
        return False
    if len(_others) >= _MOST_OTHERS:
        _others.clear()
    _others[id(code)] = code
    return True


def _bound(node: Node, frame: FrameType, show: Show) -> Bound:
    at = standing(frame.f_code, frame.f_lasti)
    return Bound(node, at, {name: show(value) for name, value in frame.f_locals.items() if name not in at.shared})


@lru_cache(maxsize=16384)
def standing(code: CodeType, last: int) -> Standing:
    """What is so where a frame of ``code`` stands whose last instruction is at the offset ``last``."""
    after_each = alive_after(code)
    place = max(offset for offset in after_each if offset <= last)  # a call is followed by its caches
    leaving = any(one.offset == last and one.opname == "WITH_EXCEPT_START" for one in dis.get_instructions(code))
    alive = after_each[place] - set(code.co_cellvars)
    here = next(one for one in dis.get_instructions(code) if one.offset == place)
    copies = (
        one.offset for one in dis.get_instructions(code) if (one.opname, one.positions) == (here.opname, here.positions)
    )
    elsewhere = frozenset[str]().union(*(after_each[offset] for offset in copies))
    return Standing(
        alive, elsewhere, read_before(code, place), frozenset({*code.co_cellvars, *code.co_freevars}), leaving
    )
