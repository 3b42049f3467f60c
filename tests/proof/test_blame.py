"""The line of a spec that an error came from."""

import pytest

from duality.errors import SpecError
from duality.proof.blame import place_of


def raised(error):
    try:
        raise error
    except BaseException as caught:
        return caught


def line_of_the_raise():
    return raised.__code__.co_firstlineno + 2


def test_the_statement_that_raised_it():
    assert place_of(raised(KeyError("x"))) == f"{__file__}:{line_of_the_raise()}"


def test_the_librarys_own_frames_are_passed_over():
    with pytest.raises(ValueError) as told:
        __import__("json").loads("{")
    assert place_of(told.value).startswith(f"{__file__}:")


def test_what_names_its_place_is_believed():
    assert place_of(SpecError("no", "a.py", 3)) == "a.py:3"


def test_of_a_group_the_first_that_has_one():
    assert place_of(ExceptionGroup("two", [KeyError(1), raised(KeyError(2))])).endswith(f":{line_of_the_raise()}")
    assert place_of(KeyError("never raised")) == ""
