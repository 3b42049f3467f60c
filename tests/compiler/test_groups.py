"""Groups of errors: what the helpers do is what CPython's own ``except`` and ``except*`` do with the same errors."""

import itertools
import sys
from collections.abc import Callable
from typing import Any

import pytest

from duality.events.groups import divide, matches, regroup
from duality.events.record import again

KINDS = [
    OSError, (OSError, KeyError), LookupError, (), Exception, BaseException, 5, (OSError, "x"), ((OSError,), KeyError)
]  # fmt: skip
Error = BaseException
Make = Callable[[], Error]
ERRORS: dict[str, Make] = {
    "naked": lambda: KeyError(1),
    "flat": lambda: ExceptionGroup("g", [OSError(1), KeyError(2), ValueError(3)]),
    "deep": lambda: ExceptionGroup("g", [OSError(1), ExceptionGroup("h", [KeyError(2), OSError(3)]), IndexError(4)]),
    "base": lambda: BaseExceptionGroup("g", [KeyboardInterrupt(1), KeyError(2)]),
}


def described(error: Error | None) -> Any:
    if error is None:
        return None
    inner = [described(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return type(error).__name__, str(error.args[0]), inner


def outcome(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except TypeError as wrong:
        return str(wrong)


@pytest.mark.parametrize("kinds", KINDS, ids=str)
@pytest.mark.parametrize("error", [KeyError(1), OSError(2), KeyboardInterrupt(3)], ids=repr)
def test_a_clause_that_is_asked_catches_what_except_catches(error: Error, kinds: Any) -> None:
    def ours() -> str:
        return "caught" if matches(error, kinds) else "passed"

    def cpythons() -> str:
        try:
            try:
                raise error
            except kinds:
                return "caught"
        except type(error):
            return "passed"

    assert outcome(ours) == outcome(cpythons)


@pytest.mark.parametrize("kinds", [*KINDS, ExceptionGroup, (OSError, BaseExceptionGroup)], ids=str)
@pytest.mark.parametrize("make", list(ERRORS.values()), ids=list(ERRORS))
def test_a_group_is_divided_as_except_star_divides_it(make: Make, kinds: Any) -> None:
    def ours() -> Any:
        error = make()
        part, rest = divide(error, error, kinds)
        return described(part), described(rest)

    def cpythons() -> Any:
        taken = None
        try:
            try:
                raise make()
            except* kinds as part:
                taken = part
        except (KeyError, BaseExceptionGroup) as rest:
            return described(taken), described(rest)
        return described(taken), None

    assert outcome(ours) == outcome(cpythons)


CLAUSES = ("take", "raise", "raise e", "raise anew")


@pytest.mark.parametrize("ways", list(itertools.product(CLAUSES, CLAUSES)), ids=" and ".join)
@pytest.mark.parametrize("make", list(ERRORS.values()), ids=list(ERRORS))
def test_what_the_clauses_leave_is_what_cpython_raises(make: Make, ways: tuple[str, str]) -> None:
    def cpythons() -> None:
        try:
            raise make()
        except* OSError as part:
            if ways[0] == "raise":
                raise
            run(ways[0], part)
        except* KeyError as part:
            if ways[1] == "raise":
                raise
            run(ways[1], part)

    assert described(raised_by(lambda: compiled(make, ways))) == described(raised_by(cpythons))


def run(way: str, part: Error) -> None:
    if way == "raise e":
        raise part
    if way == "raise anew":
        raise ValueError("anew")


def compiled(make: Make, ways: tuple[str, str]) -> None:
    """As the compiler writes it, with nothing that rests."""
    try:
        raise make()
    except BaseException as error:
        group = error
    raised: list[Error] = []
    rest: Error | None = group
    for kinds, way in zip((OSError, KeyError), ways, strict=True):
        part, rest = divide(group, rest, kinds)
        if part is not None:
            clause(part, way, raised)
    left = regroup(group, raised, rest)
    if left is not None:
        raise left


def clause(part: Error, way: str, raised: list[Error]) -> None:
    try:
        raise again(part)
    except BaseException as handled:
        trace = handled.__traceback__
        assert trace is not None
        assert trace.tb_next is not None
        handled.__traceback__ = trace.tb_next.tb_next
        try:
            if way == "raise":
                raise
            run(way, part)
        except BaseException as failed:
            raised.append(failed)


def raised_by(call: Callable[[], None]) -> Error | None:
    try:
        call()
    except BaseException as error:
        return error
    return None


def test_what_is_put_back_keeps_its_context() -> None:
    first, second, around = KeyError(1), KeyError(2), ValueError(3)
    first.__context__ = second
    try:
        raise around
    except ValueError:
        for error in (first, second):
            try:
                again(error)
            except KeyError:
                assert sys.exception() is error
    assert first.__context__ is second
    assert second.__context__ is None
