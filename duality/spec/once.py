"""What is worked out of a class once, and kept with it while all its attributes are the very same objects.

Rule: every run asks a module's class the same questions (which procedures, which of them inherited); that nobody has
replaced anything since is seen by identity, attribute by attribute, its base classes' included.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from duality.core.attributes import Attributes

T = TypeVar("T")
_KEPT = "__duality_once__"


class Look:
    """A look at a class: the classes that it is made of (``line``), and the attributes of each (``seen``)."""

    __slots__ = ("cls", "line", "seen")

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.line = cls.__mro__
        self.seen = [Attributes(one) for one in self.line]

    def holds(self) -> bool:
        """Whether the class is what it was."""
        return self.line is self.cls.__mro__ and all(one.same() for one in self.seen)


class _Kept:
    """``made``: the answers, which are those as long as ``look`` holds."""

    __slots__ = ("look", "made")

    def __init__(self, cls: type) -> None:
        self.made: dict[Hashable, Any] = {}
        setattr(cls, _KEPT, self)  # before we look: it is an attribute, too
        self.look = Look(cls)


def once(cls: type, what: Hashable, make: Callable[[], T]) -> T:
    """The answer to ``what`` about ``cls``; ``make()`` finds it, if nobody has asked since anything was replaced."""
    kept: _Kept | None = vars(cls).get(_KEPT)
    if kept is None or not kept.look.holds():
        kept = _Kept(cls)
    if what not in kept.made:
        kept.made[what] = make()
    found: T = kept.made[what]
    return found
