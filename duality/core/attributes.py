"""The attributes of a class or a function as somebody has seen them, and whether they are still the same.

Rule: the same is the same name, in the same place, for the very same object; nobody's ``==`` is asked.
"""

from operator import is_
from typing import Any


class Attributes:
    """Those that ``thing`` has now, by name and in order: its own, and not what it inherits."""

    __slots__ = ("names", "thing", "values")

    def __init__(self, thing: Any) -> None:
        own = vars(thing)
        self.thing = thing
        self.names = [*own]
        self.values = [*own.values()]

    def same(self) -> bool:
        """Whether ``thing`` has the very same ones still."""
        own = vars(self.thing)
        return [*own] == self.names and all(map(is_, own.values(), self.values))
