"""Keep with a function what was made of it, for as long as the function is there and no longer.

    before   a table of the compiler's, by function      whoever was compiled stays, with all that it closes over
    after    an attribute of the function itself         what is made of it goes when it goes

Rules: what is kept may name the function (a product does): the two are a ring, which Python's collector takes apart.
Of several OS threads one makes it, and one at a time: neither CPython's warning filters nor, up to 3.12, its parser are
safe when two compile at once.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from attrs import field, frozen

T = TypeVar("T")
_KEPT = "__duality_kept__"
_making = threading.RLock()  # to make one thing may take another


@frozen(eq=False)
class _Kept:
    """What is kept with the function ``of``: another one may have been given all its attributes (`functools.wraps`)."""

    of: Callable[..., Any]
    made: dict[Hashable, Any] = field(factory=dict)


def kept(function: Callable[..., Any], what: Hashable, make: Callable[[], T]) -> T:
    """What is kept with ``function`` under the name ``what``; made now, if it is not there."""
    one = _kept_with(function)
    if what not in one.made:
        with _making:
            one = _kept_with(function)
            if what not in one.made:
                one.made[what] = make()
    found: T = one.made[what]
    return found


def _kept_with(function: Callable[..., Any]) -> _Kept:
    one = getattr(function, _KEPT, None)
    if not isinstance(one, _Kept) or one.of is not function:
        one = _Kept(function)
        setattr(function, _KEPT, one)
    return one
