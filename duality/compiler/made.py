"""What a side makes of a procedure: plain data, which may be written down and read again in another process.

Rule: nothing here knows the function it was made of, nor any other object of the running program; ``product.py`` puts
the two together.
"""

from typing import Any

from attrs import field, frozen

from duality.compiler.asked import Asked
from duality.compiler.erase import Standing
from duality.compiler.lines import Span
from duality.compiler.load import Codes
from duality.compiler.names import Words
from duality.compiler.points import Points
from duality.graph import Node


@frozen(eq=False, kw_only=True)
class Made:
    """A program for one side, and all that is known about it.

    ``text``: the generated program; ``origin``: the spec's line for each of its lines (None: no line of the spec).
    ``alive``: the variables that live across each rest, in the order of the record; among events with those that the
    compiler made up. ``nodes`` names the blocking points of the text: by handler name (events; None for a handler that
    is only jumped to) or by where a frame stands there; ``standing`` says where they stand in the text, ``stands``
    where a frame does (threads only).
    ``calls``: the point that the answer to each call goes on from, by where the call stands in the spec (events only).
    ``provided``: the names that stand for the runtime's own, with those.   ``words``: the names that stand for verbs,
    helpers and the like.   ``asked``: those by which it asks a run, see there.
    """

    side: str
    text: str
    origin: list[int | None]
    points: Points
    nodes: dict[Any, Node | None]
    alive: dict[Node, tuple[str, ...]]
    calls: dict[Span, Node] = field(factory=dict)
    provided: dict[str, str]
    handlers: tuple[str, ...]
    words: Words
    codes: Codes
    asked: Asked
    standing: Standing = field(factory=Standing)
    stands: Standing = field(factory=Standing)
