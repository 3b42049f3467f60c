"""What both sides must offer: the contract of the duality, as types.

Rule: whoever runs a program (``duality.run``) knows a side only by these names, and finds it by its package's name;
whether a procedure runs on a stack or from a record is nobody's business above this floor.
Source: Lauer & Needham 1978, section 3: the primitives of either model, matched one to one.
"""

from collections.abc import Callable
from typing import Any, Protocol


class Verbs(Protocol):
    """What a compiled program is bound to. Those that may block take the sender first among events."""

    fork: Callable[..., Any]
    """SendMessage, reply awaited later | FORK."""
    send: Callable[..., Any]
    """SendMessage, no reply awaited | FORK, detached."""
    reply: Callable[..., Any]
    """SendReply before the handler chain ends | FORK of what is left, then RETURN."""
    join: Callable[..., Any]
    """AwaitReply | JOIN. May block."""
    sleep: Callable[..., Any]
    """A message from the clock | a pause. May block."""
    yield_now: Callable[..., Any]
    """A message to oneself | a yield. Rests."""
    now: Callable[[], float]
    """The run's clock, in seconds."""
    scope: Callable[[], Any]
    """Tasks that end with their block; leaving it may block."""
    fail_after: Callable[[float], Any]
    """A deadline that raises."""
    move_on_after: Callable[[float], Any]
    """A deadline that leaves."""
    net: Any
    """The network, by the run's I/O core."""
    disk: Any
    """The disk, by the run's I/O core."""


class Side(Protocol):
    """One run on one side. Made by ``duality.<side>.runtime.Runtime(io, schedule, policy, crossing, recorder)``."""

    verbs: Verbs
    condition: type

    def dressed(self, cls: type, /) -> type:
        """The class that this side makes of a module's class: a stage | a monitor."""

    def helper(self, function: Callable[..., Any], /) -> Callable[..., Any]:
        """What this side makes of an ``async def`` that belongs to no module."""

    def task(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any], /) -> Any:
        """A chain of messages | a thread; not yet ready."""

    def turn(self) -> None:
        """Step the ready until the hub's turn: the dispatcher | switch after switch, and back."""
