"""``@module``: an attrs class whose fields are its state and its channels to other modules.

Rule: the class stays the one its source made (no slots, no copy), and instances are compared by identity. Whatever a
run adds to an instance lives under one attribute, ``GATE``.
"""

import inspect
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, dataclass_transform

import attrs

from duality.core.current import running_or_none
from duality.core.ours import UNCHANGED
from duality.spec.body import remember, unchanged, unshadowed
from duality.spec.condition import Condition
from duality.spec.invariant import look_through

C = TypeVar("C", bound=type)
_procedure_names: set[str] = set()
_BUILT = "_duality_built"
_IS_MODULE = "__duality_module__"
_UNSET: Any = object()
_PLAIN = frozenset({int, float, str, bytes, bool, range, type(None)})  # leads to no module


@dataclass_transform(field_specifiers=(attrs.field,))
def module(cls: C) -> C:
    """Make ``cls`` a module: fields become constructor arguments, in order (attrs).

    Source: Lauer & Needham 1978, table 1: a process | a monitor.
    """
    remember(cls)
    look_through(cls)
    _adopt_after_init(cls)
    _be_born_dressed(cls)
    _procedure_names.update(name for name, value in vars(cls).items() if inspect.iscoroutinefunction(value))
    made: C = attrs.define(slots=False, eq=False)(cls)
    setattr(made, _IS_MODULE, True)
    setattr(made, UNCHANGED, _is_unchanged)
    return made


def _is_unchanged(instance: Any) -> None:
    """Raise SpecError if the procedures of ``instance`` are not those of its class's body (asked when a run ends)."""
    unchanged(type(instance))
    unshadowed(instance)


def procedure_names() -> frozenset[str]:
    """The names of all procedures of all modules that have been declared so far."""
    return frozenset(_procedure_names)


def is_module(thing: Any) -> bool:
    """Whether ``thing`` is a module's class or an instance of one."""
    return getattr(thing, _IS_MODULE, False) is True


def _be_born_dressed(cls: type) -> None:
    """In a run, an instance is made of the class that the run's side makes of ``cls``: never changed later."""
    if "__new__" in cls.__dict__ or any(is_module(base) for base in cls.__mro__[1:]):
        return

    def __new__(made: type, *args: Any, **named: Any) -> Any:
        runtime = running_or_none()
        return object.__new__(made if runtime is None else runtime.dress_of(made))

    cls.__new__ = __new__  # type: ignore[method-assign, assignment]


def _adopt_after_init(cls: type) -> None:
    own: Callable[[Any], None] | None = cls.__dict__.get("__attrs_post_init__")
    if own is None and any(is_module(base) for base in cls.__mro__[1:]):
        return  # the base class's hook is inherited

    def __attrs_post_init__(self: Any) -> None:
        adopt(self)
        if own is not None:
            own(self)

    cls.__attrs_post_init__ = __attrs_post_init__  # type: ignore[attr-defined]


class _Building(threading.local):
    built: list[Any] | None = None


_building = _Building()


def build(make: Callable[[], Any]) -> Any:
    """Call ``make`` and give the root module that it returns, which remembers every module that was made meanwhile.

    So a module that no field leads to (kept in a closure, or in an object of another kind) is part of the run as well.
    """
    outer, _building.built = _building.built, []
    try:
        root = make()
        if is_module(root) and not isinstance(root, type):
            setattr(root, _BUILT, _building.built)
    finally:
        _building.built = outer
    return root


def adopt(instance: Any) -> None:
    """Name the conditions of ``instance``; in a run, dress it for that runtime (a module made while running)."""
    if _building.built is not None:
        _building.built.append(instance)
    for name, condition in conditions(instance):
        if condition.owner is None:
            condition.owner, condition.name = instance, name
    runtime = running_or_none()
    if runtime is not None:
        runtime.equip(instance)


def fields_of(instance: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a module instance and their values, in order of declaration."""
    for attribute in type(instance).__attrs_attrs__:
        value = getattr(instance, attribute.name, _UNSET)
        if value is not _UNSET:
            yield attribute.name, value


def conditions(instance: Any) -> Iterator[tuple[str, Condition]]:
    """The conditions that ``instance`` declares as fields."""
    for name, value in fields_of(instance):
        if isinstance(value, Condition):
            yield name, value


def modules_below(root: Any) -> list[tuple[str, Any]]:
    """Every module instance that can be reached from ``root`` through fields, lists, tuples and dicts, with its path;
    then those that were built with it and no field leads to.

    Depth first in order of declaration; ``root`` itself first, with the name of its class in lower case as path.
    """
    found: list[tuple[str, Any]] = []
    seen: set[int] = set()

    def visit(path: str, value: Any) -> None:
        if type(value) in _PLAIN or id(value) in seen:
            return
        if isinstance(value, list | tuple | dict):
            seen.add(id(value))
            items = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in items:
                visit(f"{path}[{key!r}]", item)
        elif is_module(value) and not isinstance(value, type):
            seen.add(id(value))
            found.append((path, value))
            for name, item in fields_of(value):
                visit(name if value is root else f"{path}.{name}", item)

    visit(type(root).__name__, root)
    for other in getattr(root, _BUILT, ()):
        visit(type(other).__name__, other)
    for _, instance in found:
        unshadowed(instance)
    return found
