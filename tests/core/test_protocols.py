"""The asynchronous protocols: what is asked of an object, and CPython's words where it has not got it."""

import asyncio

import pytest

from duality.core.protocols import (
    Plain,
    asynchronous,
    asynchronous_iterator,
    is_iterator,
    iterator,
    raisable,
)  # fmt: skip


def procedure(function):
    """Mark it as a run marks the procedures that it makes."""
    function.is_procedure = True
    return function


class Items:
    @procedure
    def __anext__(self):
        return 5

    def __aiter__(self):
        return self


class PlainItems:
    def __init__(self, given=5):
        self.given = given

    def __anext__(self):
        return self.given

    def __aiter__(self):
        return self


class Nothing:
    def __aiter__(self):
        return None


class Room:
    @procedure
    def __aenter__(self):
        return self, "in"

    @procedure
    def __aexit__(self, *error):
        return self, error


class PlainRoom:
    def __aenter__(self):
        return "in"

    def __aexit__(self, *error):
        return error


class NoExit:
    __aenter__ = Room.__aenter__


def of_cpython(items):
    """What CPython says of going through ``items``."""

    async def goes():
        async for _ in items:
            pass

    with pytest.raises(TypeError) as error:
        goes().send(None)
    return error.value


def entered(manager):
    async def enters():
        async with manager:
            pass

    with pytest.raises(TypeError) as error:
        enters().send(None)
    return error.value


def same(error, other):
    assert (type(error), str(error)) == (type(other), str(other))
    assert [repr(one.__cause__) for one in (error, other)] == [repr(other.__cause__)] * 2
    assert error.__suppress_context__ == other.__suppress_context__


def test_an_iterator_of_the_spec_is_what_aiter_gives():
    items = Items()
    assert iterator(items) is items
    assert is_iterator(items)
    assert not is_iterator(PlainItems())
    assert asynchronous_iterator(items) is items


@pytest.mark.parametrize("items", [5, Nothing(), [1]])
def test_what_cannot_be_gone_through_is_refused_in_cpython_s_words(items):
    with pytest.raises(TypeError) as error:
        iterator(items)
    same(error.value, of_cpython(items))


def test_an_iterator_that_gives_what_cannot_be_awaited_is_refused_when_it_is_asked():
    found = iterator(PlainItems())
    assert isinstance(found, Plain)
    with pytest.raises(TypeError) as error:
        type(found).__anext__(found, "a sender")
    same(error.value, of_cpython(PlainItems()))


def test_nothing_that_another_library_awaits_is_begun():
    begun = []

    async def other():
        begun.append(1)

    given = other()
    with pytest.raises(TypeError, match="received an invalid object from __anext__: coroutine"):
        iterator(PlainItems(given)).__anext__()
    given.close()
    assert begun == []


def test_the_next_of_what_is_no_iterator():
    for items in (5, PlainItems()):
        with pytest.raises(TypeError, match=f"'{type(items).__name__}' object is not an async iterator"):
            asynchronous_iterator(items)


def test_the_methods_of_a_manager_are_bound_to_it():
    room = Room()
    enter, leave = asynchronous(room)
    assert enter() == (room, "in")
    assert leave(1, 2, 3) == (room, (1, 2, 3))


def test_they_are_those_of_its_class():
    room = Room()
    room.__aenter__ = None
    assert asynchronous(room)[0]() == (room, "in")


@pytest.mark.parametrize("manager", [5, NoExit()])
def test_what_is_no_manager_is_refused_in_cpython_s_words_before_it_is_entered(manager):
    with pytest.raises(TypeError) as error:
        asynchronous(manager)
    assert str(entered(manager)).startswith(str(error.value))  # CPython 3.14 guesses what was meant, and says so


def test_a_manager_whose_methods_cannot_be_awaited_is_refused_when_it_is_entered():
    enter, leave = asynchronous(PlainRoom())
    with pytest.raises(TypeError) as error:
        enter("a sender")
    assert str(error.value) == str(entered(PlainRoom()))
    with pytest.raises(TypeError, match="from __aexit__ that does not implement __await__: tuple"):
        leave("a sender", None, None, None)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((KeyError("a"), None), "KeyError('a')"), ((KeyError, None), "KeyError()"), ((KeyError, "a"), "KeyError('a')"),
        ((KeyError, KeyError("b")), "KeyError('b')"), ((asyncio.CancelledError, None), "CancelledError()"),
    ],
)  # fmt: skip
def test_what_is_thrown(arguments, shown):
    assert repr(raisable(*arguments, None)) == shown


def test_what_is_thrown_keeps_the_traceback_that_it_is_given():
    try:
        raise ValueError
    except ValueError as error:
        trace = error.__traceback__
    assert raisable(KeyError, None, trace).__traceback__ is trace


@pytest.mark.parametrize("thrown", [5, int])
def test_nothing_but_an_exception_is_thrown(thrown):
    with pytest.raises(TypeError, match="exceptions must be classes or instances deriving from BaseException"):
        raisable(thrown, None, None)
