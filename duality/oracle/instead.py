"""Where the coroutines of a run look for a helper, another stands while the run steps: one that tells, or replies.

Among events and threads there is no such file: their programs are given their helpers. Rule: a coroutine finds a
helper where Python has it look: among the globals of a file, or, if it was made inside a function, in a cell of its own
function's closure. Both get their own back when the run is over.
"""

from collections.abc import Callable, MutableMapping
from types import CellType
from typing import Any, Protocol, cast


class Space(Protocol):
    """Where a name is looked up: the globals of a file, or a cell."""

    def get(self, name: str, /) -> Any:
        """What it means, None if nothing."""

    def __setitem__(self, name: str, value: Any, /) -> None: ...


class Closure:
    """A cell, as the place where one name is looked up."""

    def __init__(self, cell: CellType) -> None:
        self.cell = cell

    def get(self, name: str, /) -> Any:
        """What is in the cell, None if nothing."""
        try:
            return self.cell.cell_contents
        except ValueError:
            return None

    def __setitem__(self, name: str, value: Any, /) -> None:
        self.cell.cell_contents = value


def space(function: Any, name: str) -> Space:
    """Where ``function`` looks up ``name``, which is not local in it."""
    free = function.__code__.co_freevars
    if name in free:
        return Closure(function.__closure__[free.index(name)])
    return cast(MutableMapping[str, Any], function.__globals__)


class Instead:
    """The helpers of a run that others stand for."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, str], tuple[Space, Callable[..., Any], Callable[..., Any]]] = {}
        self._stepping = False

    def put(self, where: Space, name: str, helper: Callable[..., Any], made: CellType) -> Callable[..., Any] | None:
        """Have what the cell ``made`` will hold stand for ``helper``; gives who stands there, None if it is known.

        It is a frame between the spec's and the telling: see the depth in ``module.port``.
        """
        place = id(where.cell if isinstance(where, Closure) else where), name
        if where.get(name) is not helper or place in self._places:
            return None

        def instead(*args: Any, **named: Any) -> Any:
            return made.cell_contents(*args, **named)

        instead.is_procedure = True  # type: ignore[attr-defined]
        self._places[place] = where, helper, instead
        if self._stepping:
            where[name] = instead
        return instead

    def begin(self) -> None:
        """The run begins to step."""
        self._stepping = True
        for (_, name), (where, _, instead) in self._places.items():
            where[name] = instead

    def end(self) -> None:
        """It is over: helpers are themselves again."""
        self._stepping = False
        for (_, name), (where, helper, _) in self._places.items():
            where[name] = helper
