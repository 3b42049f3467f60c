"""What random programs are made of: values, errors and managers that note everything that happens to them.

Rule: whatever Python can do in an observable order is noted here, so that two runs agree only if they did the same
things in the same order. The noted things are plain ints and strings: they print alike in every process.
"""

import sys
from types import TracebackType

LOG: list = []
KEPT: list = []  # the generators of a run
TURNS = 40  # how often all loops of a run may turn, together
TOO_MUCH = 3000  # notes; a miscompiled loop ends here


class Boom(Exception):
    """The error that random programs raise and catch."""


class Bang(Boom):
    """A kind of Boom."""


class Crash(BaseException):
    """An error that `except Exception` lets pass."""


def begin() -> None:
    """Forget what an earlier run noted."""
    LOG.clear()


def forget() -> None:
    """Let go of what an earlier run held; whatever that says, no run is under way that it could be a part of."""
    before, sys.unraisablehook = sys.unraisablehook, lambda what: None
    KEPT.clear()
    sys.unraisablehook = before
    LOG.clear()


def keep(generator: object) -> object:
    """Hold a generator until the run is over: when one that is dropped runs its `finally` is not promised."""
    KEPT.append(generator)
    return generator


def note(*what: object) -> None:
    """Write down that something happened."""
    plain = tuple(map(number, what))
    LOG.append(plain if len(plain) > 1 else plain[0])
    if len(LOG) > TOO_MUCH:
        raise Crash("too much")


def number(value: object) -> object:
    """A value as something that prints the same everywhere, and is equal where it means the same."""
    if isinstance(value, BaseException):
        return chain(value)
    if isinstance(value, TracebackType):
        return "a traceback"
    return value.number if isinstance(value, W) else value


def e(number: int = 0) -> int:
    """An effect with a value."""
    note(number)
    return number


def boom(number: int = 0) -> int:
    """An effect that fails."""
    note("boom", number)
    raise Boom(number)


def group(number: int = 0) -> int:
    """An effect that fails in several ways at once."""
    note("group", number)
    inner = ExceptionGroup("inner", [Bang(number), KeyError(number)])
    raise ExceptionGroup("outer", [Boom(number), inner, LookupError(number)])


def wrap(what: object) -> object:
    """A decorator that is another effect."""
    note("wrap")
    return what


def go(limit: int = 3) -> bool:
    """The guard of every loop: True a bounded number of times in a run."""
    turns = sum(one == "go" for one in LOG)
    note("go")
    return turns < TURNS and turns % (limit + 1) < limit


def tell(*args: object, **named: object) -> int:
    """A call that notes its arguments; how many there were."""
    note("tell", *args, *(f"{name}={number(value)}" for name, value in named.items()))
    return len(args) + len(named)


class W:
    """A number that notes what is done with it."""

    def __init__(self, number: int = 0) -> None:
        note("W", number)
        self.number = number

    def _of(self, what: str, value: int) -> int:
        note(what, self.number)
        return value

    def __add__(self, other: object) -> int:
        return self._of("add", self.number + int(other))  # type: ignore[call-overload]

    def __radd__(self, other: object) -> int:
        return self._of("radd", int(other) + self.number)  # type: ignore[call-overload]

    def __lt__(self, other: object) -> bool:
        return bool(self._of("lt", self.number < int(other)))  # type: ignore[call-overload]

    def __gt__(self, other: object) -> bool:
        return bool(self._of("gt", self.number > int(other)))  # type: ignore[call-overload]

    def __bool__(self) -> bool:
        # Not noted: how often a short circuit asks for the truth of one value is CPython's own affair.
        return bool(self.number)

    def __int__(self) -> int:
        return self._of("int", self.number)

    __index__ = __int__

    def __format__(self, spec: str) -> str:
        return str(self._of(f"format {spec}", self.number))

    def __call__(self, *args: object) -> int:
        return self._of("call", len(args))

    def __iter__(self):
        for value in (self.number, self.number + 1):
            note("next", value)
            yield value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, W) and other.number == self.number

    def __hash__(self) -> int:
        return hash(self.number)

    def __repr__(self) -> str:
        return f"W({self.number})"


class M:
    """A context manager; ``swallows`` Booms, or ``fails`` when it is left."""

    def __init__(self, number: int = 0, swallows: bool = False, fails: bool = False) -> None:
        self.number, self.swallows, self.fails = number, swallows, fails

    def __enter__(self) -> int:
        note("enter", self.number)
        return self.number

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        note("exit", self.number, kind and kind.__name__)
        if self.fails:
            raise Bang(self.number)
        return self.swallows and isinstance(error, Boom)


def chain(error: BaseException | None, seen: tuple = ()) -> object:
    """An error with everything that hangs on it: arguments, cause, context."""
    if error is None:
        return None
    if any(error is one for one in seen):
        return "again"
    seen = (*seen, error)
    parts: list = [type(error).__name__, *map(str, error.args[:1])]
    if isinstance(error, BaseExceptionGroup):
        parts.append([chain(one, seen) for one in error.exceptions])
    if error.__cause__ is not None:
        parts.append(("cause", chain(error.__cause__, seen)))
    if error.__suppress_context__:
        parts.append("suppressed")
    if error.__context__ is not None:
        parts.append(("context", chain(error.__context__, seen)))
    return parts
