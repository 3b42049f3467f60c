"""What stands for a file whose helpers a procedure reaches by its name: ``import helpers; await helpers.fetch(x)``.

    before   helpers.fetch is a coroutine function
    after    in the program's own cell `helpers`, `.fetch` is what this side makes of it; everything else is the file's

Rule: only the helpers that the procedure names are changed, and only for the procedure; the file itself is left alone.
"""

import types
from typing import Any

Path = tuple[str, ...]


class StandIn:
    """Stands for a file (or package): its attributes are the file's own, but for the helpers that are given."""

    __slots__ = ("_duality_file", "_duality_helpers")

    def __init__(self, file: Any, helpers: dict[Path, types.CellType]) -> None:
        object.__setattr__(self, "_duality_file", file)
        object.__setattr__(self, "_duality_helpers", helpers)

    def __getattr__(self, name: str) -> Any:
        within = {path[1:]: cell for path, cell in self._duality_helpers.items() if path[0] == name}
        if () in within:
            return within[()].cell_contents
        value = getattr(self._duality_file, name)
        return StandIn(value, within) if within else value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._duality_file, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._duality_file, name)

    def __repr__(self) -> str:
        return repr(self._duality_file)


def dotted(path: str) -> Path:
    """The parts of ``helpers.fetch`` after the first."""
    return tuple(path.split(".")[1:])
