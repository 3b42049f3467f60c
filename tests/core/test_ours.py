"""What is an operation of a run, how a thing is called in a sentence, and which arguments a procedure takes.

That a spec which waits for anything else is refused with its line is tested in ``tests/twins/test_bad_input.py``.
"""

import functools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.condition import Waiters
from duality.core.ours import UNCHANGED, Ours, binds, foreign, is_made, is_operation, operation, raw, refusal, told
from duality.errors import SpecError
from duality.spec import verbs


class Spec:
    async def plain(self):
        """As its source made it."""

    def dressed(self):
        """As a run made it."""

    dressed.is_procedure = True

    def unlike(self):
        """No procedure."""


setattr(Spec, UNCHANGED, lambda self: None)


class Dressed(Spec):
    pass


def verb():
    """What the run calls for a verb."""


@pytest.fixture
def run():
    """A run whose only module class is Dressed, in place of Spec."""
    return SimpleNamespace(
        dresses={Spec: Dressed, Dressed: Dressed},
        verbs=SimpleNamespace(sleep=verb),
        helper_cell=lambda function: SimpleNamespace(cell_contents=("helper", function)),
    )


def test_a_module_has_an_operation_only_if_it_is_of_the_run_and_made_by_it(run):
    assert is_made(run, Dressed, "dressed")
    assert not is_made(run, Spec, "dressed")  # whoever it is of, it is not the one in the run
    assert not is_made(run, Dressed, "unlike")
    assert not is_made(run, Dressed, "nothing")
    assert is_made(run, Waiters, "wait")
    assert not is_made(run, list, "append")


def test_a_class_is_looked_at_once_and_what_is_not_ours_is_refused_by_name(run):
    ours = Ours(run, "dressed")
    module = Dressed()
    assert ours(module) is module
    assert Dressed in ours
    with pytest.raises(SpecError, match="`await` of `dressed` of a Spec, which is no procedure of it"):
        ours(Spec())
    with pytest.raises(SpecError, match="`await` of `append` of a list, which is no operation of duality"):
        Ours(run, "append")([])
    with pytest.raises(SpecError, match="which is no procedure of it"):
        Ours(run, "plain")(Dressed())
    nothing = object()
    assert Ours(run, "missing")(nothing) is nothing  # it has none: Python's own error tells that
    assert object not in Ours(run, "missing")


def test_an_operation_is_a_procedure_of_the_run_a_verb_or_the_machines(run):
    assert is_operation(run, Dressed().dressed)
    assert not is_operation(run, Spec().dressed)
    assert is_operation(run, verb)
    assert is_operation(run, Waiters("a", None).signal)
    assert not is_operation(run, print)
    assert not is_operation(run, [].append)


def test_what_is_called_for_a_helper_a_verb_and_everything_else(run):
    async def helper():
        """Of the spec."""

    assert operation(run, helper) == ("helper", helper)
    assert operation(run, verbs.sleep) is verb
    assert operation(run, aiter) is aiter
    assert operation(run, anext) is anext
    assert operation(run, 5) == 5
    with pytest.raises(SpecError, match="`await` of a call of `print`, which is no operation"):
        operation(run, print)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (print, "`print`"),
        (lambda: 1, "a lambda"),
        (5, "an int"),
        ("x", "a str"),
        (Spec.plain, "`Spec.plain`"),
        (functools.partial(print), "a partial"),
    ],
)
def test_a_value_is_told_without_its_address(value, text):
    assert told(value) == text


def test_a_function_within_a_function_is_told_by_its_own_name():
    def inner():
        """Whose full name says where the tests are."""

    assert told(inner) == "`inner`"


def test_the_error_is_at_the_line_of_whoever_does_it():
    error = refusal("it is wrong", "Do better.")
    assert error.file == __file__
    assert "refusal(" in error.source
    there = foreign((__file__, error.line), object())
    assert (there.file, there.line, there.source) == (error.file, error.line, error.source)
    assert "`await` of an object" in str(there)
    assert foreign(None, 5).line is None


async def two(one, other=2):
    """One that may be left out."""


async def named(one, *, word):
    """One that must be named."""


async def any_number(*many, **words):
    """All."""


@given(
    st.sampled_from([two, named, any_number, Spec().plain]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["one", "other", "word"]), st.integers(), max_size=2),
)
def test_arguments_are_taken_as_cpython_takes_them(function, args, words):
    assert raw(getattr(function, "__func__", function))
    said = []
    for call in (lambda: function(*args, **words).close(), lambda: binds(function, tuple(args), words)):
        try:
            call()
            said.append(None)
        except TypeError as error:
            said.append(str(error))
    assert said[0] == said[1]
