"""Where in its source an instruction stands: worked out once for each code object, and then looked up.

Rule: CPython gives the span of every instruction only by walking through all of them, and who traces a run asks at
every call.
"""

from functools import lru_cache
from types import CodeType, FrameType

from duality.graph import Node

Places = dict[tuple[int, int, str], tuple[CodeType, Node | None]]
"""The nodes at places that somebody has asked for: by the identity of a code, which is kept with it (to hash one takes
longer than all the rest), the instruction, and the role in which it is asked for."""
Position = tuple[int, int, int, int]
"""Line, column, last line, last column, as AST nodes have them (columns in bytes); 0 for what is not known."""


def position(frame: FrameType) -> Position:
    """The span of the instruction that is under way in ``frame``."""
    return _positions(frame.f_code)[frame.f_lasti // 2]


@lru_cache(maxsize=1024)
def _positions(code: CodeType) -> tuple[Position, ...]:
    return tuple((line or 0, column or 0, last or 0, end or 0) for line, last, column, end in code.co_positions())
