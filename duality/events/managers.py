"""Context managers, among events: a ``with`` that a rest cuts through is entered here and left by another handler.

Among threads there is no such file: there, ``with`` is left as it is. Rule: both methods are looked up before the first
is called, on the class and not on the manager, as CPython does. Source: PEP 343; CPython's ceval.c (``BEFORE_WITH``).
"""

from collections.abc import Callable
from typing import Any

_MISSING = "object does not support the context manager protocol"


def manage(manager: Any) -> tuple[Callable[[], Any], Callable[..., Any]]:
    """The methods that enter and leave ``manager``. Raises TypeError if it has none."""
    return _method(manager, "__enter__", ""), _method(manager, "__exit__", " (missed __exit__ method)")


def _method(manager: Any, name: str, missed: str) -> Callable[..., Any]:
    kind = type(manager)
    for base in kind.__mro__:
        if name in vars(base):
            found = vars(base)[name]
            bind = getattr(type(found), "__get__", None)
            return bind(found, manager, kind) if bind is not None else found  # type: ignore[no-any-return]
    raise TypeError(f"{kind.__name__!r} {_MISSING}{missed}")
