"""Refuse an invariant that nobody would look at, that could not be broken, or that would do more than look.

Rule: never a silent pass. What is refused here can only be known of a whole application, before it runs.
"""

import dis
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

from duality.spec.invariant import INVARIANT, blocks, invariants_of, says_nothing
from duality.spec.marks import is_async, named, refusal
from duality.spec.module import is_module

_VERBS = "duality.spec.verbs"
_HARMLESS = "now"


def refuse(modules: Sequence[tuple[str, Any]]) -> None:
    """Raise SpecError for an invariant of these modules, or beside their classes, that could never be broken.

    modules: each with its path, as ``modules_below`` gives them. It is asked before anything runs.
    """
    for cls in {type(instance): None for _, instance in modules}:
        for function in invariants_of(cls):
            if says_nothing(function):
                raise refusal(
                    f"the invariant {named(function)} says nothing: python -O leaves its `assert`s out.",
                    function,
                    "Check without -O, or let it return what must be true.",
                )
            for name, meaning in _names(function):
                blocking = getattr(meaning, "__module__", "") == _VERBS and name != _HARMLESS
                if blocking or is_async(meaning):
                    raise blocks(function, f"`{name}`")
        for function in _astray(cls):
            raise refusal(
                f"the invariant {named(function)} is of a class that is no module: nobody would look at it.",
                function,
                "Write @module over the class, or move the invariant to one.",
            )


def _names(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """The global names that a function uses, and what they mean."""
    for one in dis.get_instructions(function):
        if one.opname == "LOAD_GLOBAL" and one.argval in function.__globals__:
            yield one.argval, function.__globals__[one.argval]


def _astray(cls: type) -> Iterator[Callable[..., Any]]:
    """The invariants of the classes beside ``cls``, in its file, that are no modules and that none inherits from."""
    beside = [one for one in _globals(cls).values() if isinstance(one, type)]
    inherited = {base for one in beside if is_module(one) for base in one.__mro__}
    for one in beside:
        if one not in inherited and one.__module__ == cls.__module__:
            yield from (value for value in vars(one).values() if hasattr(value, INVARIANT))


def _globals(cls: type) -> dict[str, Any]:
    methods = (value for base in cls.__mro__ if is_module(base) for value in vars(base).values())
    own = next((one for one in methods if isinstance(one, FunctionType) and one.__module__ == cls.__module__), None)
    return getattr(own, "__globals__", {})
