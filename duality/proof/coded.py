"""Values as JSON and back: numbers, text, None and lists as they are; what JSON does not know, under a name.

    (1, b"x")     {"tuple": [1, {"bytes": "78"}]}
    {"a": 1}      {"dict": [["a", 1]]}

Rule: what comes back is equal to what went in, of the same type; or it is ``Unwritten``, and says so.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from duality.core.io.simulated.wires import Link

Decoder = Callable[[Any], Any]


@frozen
class Unwritten:
    """A value that no file can hold. shown: what Python showed of it."""

    shown: str


def encoded(value: Any) -> Any:
    """``value`` as JSON."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is list:
        return [encoded(one) for one in value]
    if kind in (tuple, set, frozenset):
        items = [encoded(one) for one in (value if kind is tuple else sorted(value, key=repr))]
        return {kind.__name__: items}
    if kind is bytes:
        return {"bytes": value.hex()}
    if isinstance(value, Mapping):
        return {"dict": [[encoded(key), encoded(one)] for key, one in value.items()]}
    if kind is range:
        return {"range": [value.start, value.stop, value.step]}
    if kind is Link:
        return {"link": [encoded(value.latency), value.bandwidth]}
    return {"unwritten": repr(value)}


_DECODERS: dict[str, Decoder] = {
    "float": float,
    "tuple": lambda data: tuple(map(decoded, data)),
    "set": lambda data: set(map(decoded, data)),
    "frozenset": lambda data: frozenset(map(decoded, data)),
    "bytes": bytes.fromhex,
    "dict": lambda data: {decoded(key): decoded(one) for key, one in data},
    "range": lambda data: range(*data),
    "link": lambda data: Link(decoded(data[0]), data[1]),
    "unwritten": Unwritten,
}


def decoded(data: Any) -> Any:
    """The value that ``encoded`` made ``data`` of. Raises ValueError, TypeError or KeyError if it did not."""
    if isinstance(data, list):
        return [decoded(one) for one in data]
    if not isinstance(data, dict):
        return data
    ((name, inner),) = data.items()
    return _DECODERS[name](inner)
