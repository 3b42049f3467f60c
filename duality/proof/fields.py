"""A module's fields and the run's clock, so that whoever uses them leaves a footprint.

Rule: they stand where the plain ones would, and do what those do; the spy is told first.
"""

from collections.abc import Callable
from typing import Any

from attrs import define

from duality.proof.footprints import Footprints


@define
class Reasons:
    """What has been found out about a spec that makes more steps dependent. It only grows.

    births: tasks have been cancelled in the order of their birth, so that is part of the state.   polls: an operation
    may complete while others are ready, so it matters how many steps have been taken: nothing commutes.
    """

    births: bool = False
    polls: bool = False


class Timed:
    """Stands for the I/O core; what is to happen at once, or at the same moment as something else, leaves its mark."""

    def __init__(self, core: Any, seen: Footprints, reasons: Reasons) -> None:
        self._core, self._seen, self._reasons = core, seen, reasons

    def __getattr__(self, name: str) -> Any:
        return getattr(self._core, name)

    def sleep(self, activation: Any, seconds: float) -> Any:
        """Sleepers commute, whenever they wake: they only become ready."""
        self._reasons.polls |= seconds <= 0
        return self._core.sleep(activation, seconds)

    def call_at(self, when: float, callback: Callable[[], object]) -> Any:
        """Deadlines of one moment expire in the order in which they were set."""
        self._reasons.polls |= when <= self._core.now()
        self._seen.write(("deadline", when))
        return self._core.call_at(when, callback)


class Field:
    """A field of a module, in place of the instance's plain attribute: whoever uses it leaves a footprint."""

    __slots__ = ("name", "spy")

    def __init__(self, name: str, spy: Any) -> None:
        self.name = name
        self.spy = spy

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        name = self.name
        try:
            value = instance.__dict__[name]
        except (AttributeError, KeyError):
            return _of_class(instance, owner, name)
        if self.spy.seen.index >= 0:
            self.spy.uses(instance, name, (value,), False)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        name, inside = self.name, instance.__dict__
        if self.spy.seen.index >= 0:
            self.spy.uses(instance, name, (value, inside.get(name)), True)
        inside[name] = value

    def __delete__(self, instance: Any) -> None:
        if self.name not in instance.__dict__:
            raise AttributeError(self.name)
        self.spy.uses(instance, self.name, (instance.__dict__[self.name],), True)
        del instance.__dict__[self.name]


def _of_class(instance: Any, owner: Any, name: str) -> Any:
    for base in owner.__mro__:
        if name in vars(base) and not isinstance(vars(base)[name], Field):
            return vars(base)[name]
    where = f"type object '{owner.__name__}'" if instance is None else f"'{owner.__name__}' object"
    raise AttributeError(f"{where} has no attribute '{name}'", name=name, obj=instance)
