"""A module's procedures are those its class body has: the same when the module is declared, built, and when it has run.

    @module
    class Box: ...
    Box.put = other            # refused: a run has been made of the body's own `put`
    box.put = other            # refused as well

Rule: the body is looked at once, by ``@module``, and remembered; whatever differs later is a SpecError and no surprise.
"""

import inspect
import types
from collections.abc import Iterator
from functools import partial
from typing import Any

from duality.spec.marks import MARK, NO_WRAPPER, is_async, named, refusal
from duality.spec.once import once

BODY = "__duality_body__"
"""The attribute of a module's class that remembers the procedures of its body, by name."""


def remember(cls: type) -> None:
    """Note the procedures of the body of ``cls``. Raises SpecError for one that is hidden, or that hides another."""
    for name, value in vars(cls).items():
        if isinstance(value, types.FunctionType):
            _visible(cls, name, value)
        _override(cls, name, value)
    setattr(cls, BODY, dict(_procedures(cls)))


def _procedures(cls: type) -> Iterator[tuple[str, Any]]:
    for name, value in vars(cls).items():
        if is_async(value):
            yield name, value


def _visible(cls: type, name: str, value: types.FunctionType) -> None:
    hidden: Any = getattr(value, "__wrapped__", None)
    if hidden is None and not hasattr(value, MARK):  # the mark may have been left below, on what the wrapper calls
        hidden = next((one for one in _closed_over(value) if hasattr(one, MARK)), None)
    if hidden is not None and (inspect.iscoroutinefunction(hidden) or hasattr(hidden, MARK)):
        raise refusal(
            f"{cls.__name__}.{name} is hidden: a decorator puts a wrapper in its place.",
            inspect.unwrap(hidden),
            NO_WRAPPER,
        )


def _closed_over(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            pass


def _override(cls: type, name: str, value: Any) -> None:
    inherited = getattr(super(cls, cls), name, None) if name[:2] != "__" else None
    if inspect.iscoroutinefunction(inherited) and not inspect.iscoroutinefunction(getattr(cls, name)):
        raise refusal(
            f"{cls.__name__}.{name} hides the procedure {named(inherited)} and is no `async def`.",
            value,
            "Whoever awaits the inherited one may be given this one: write `async def`, or use another name.",
        )


def unchanged(cls: type) -> None:
    """Raise SpecError if a class that ``cls`` is made of has other procedures than its body."""
    for base in cls.__mro__:
        if BODY in vars(base):
            once(base, unchanged, partial(_as_written, base))


def _as_written(base: type) -> None:
    body, now = vars(base)[BODY], dict(_procedures(base))
    for name in {**body, **now}:
        if vars(base).get(name) is not body.get(name):
            what = "was replaced" if name in body else "was added"
            function = now.get(name, body.get(name))
            raise refusal(
                f"{base.__name__}.{name} {what} after @module had read the class.",
                function,
                "A module's procedures are those of its class body: write it there, or override it in a subclass.",
            )


def unshadowed(instance: Any) -> None:
    """Raise SpecError if an attribute of ``instance`` stands in the way of a procedure of its class."""
    for base in type(instance).__mro__:
        for name, function in (vars(base).get(BODY) or {}).items():
            value = getattr(instance, name, None)
            if getattr(value, "__func__", None) is not getattr(type(instance), name, None):
                raise refusal(
                    f"the procedure {named(function)} is hidden by an attribute of an instance.",
                    function,
                    "A module's procedures are those of its class: use another name for the attribute, or a subclass.",
                )
