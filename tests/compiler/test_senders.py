"""What CPython says of a message's arguments never counts the sender."""

import inspect

import pytest

from duality.compiler.senders import uncount


def one(task, /): ...
def two(self, task, /, item): ...
def some(self, task, /, item, more=0): ...
def only(self, task, /, *, word): ...


def plain_one(): ...
def plain_two(self, item): ...
def plain_some(self, item, more=0): ...
def plain_only(self, *, word): ...


@pytest.mark.parametrize("named", [{}, {"word": 1}])
@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize(
    ("message", "plain"), [(one, plain_one), (two, plain_two), (some, plain_some), (only, plain_only)]
)
def test_the_sentence_is_that_of_the_plain_call(message, plain, count, named):
    """``count`` arguments to the one, and to the other the same with a sender among them."""
    message.__qualname__ = plain.__qualname__
    own = 0 if message is one else 1
    if count < own:
        return
    try:
        plain(*[0] * count, **named)
    except TypeError as wrong:
        expected = str(wrong)
    else:
        inspect.signature(message).bind(*[0] * (count + 1), **named)
        return
    with pytest.raises(TypeError) as caught:
        called(message, count + 1, named)
    assert str(caught.value) == expected


def called(message, count, named):
    try:
        message(*[0] * count, **named)
    except TypeError as wrong:
        uncount(wrong)
        raise


def test_an_error_from_inside_the_procedure_is_its_own():
    said = "f() takes 2 positional arguments but 3 were given"

    def complains(task, /):
        raise TypeError(said)

    with pytest.raises(TypeError) as caught:
        called(complains, 1, {})
    assert str(caught.value) == said


@pytest.mark.parametrize("error", [TypeError(), TypeError("other"), TypeError(1, 2)])
def test_other_errors_are_left_alone(error):
    before = error.args
    uncount(error)
    assert error.args == before
