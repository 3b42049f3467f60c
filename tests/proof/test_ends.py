"""What is found in one run: the error, by what it is; what the watchers say of it; what is left."""

import pytest

from duality.graph import BlockingGraph
from duality.proof.ends import findings
from duality.proof.facts import Fact
from duality.proof.trial import Trial, described


def ended(error=None, facts=(), **outcome):
    outcome = {"error": described(error), **outcome} if error is not None else {"value": "1", **outcome}
    return Trial("oracle", (), outcome, BlockingGraph(), (), (), "spec.py:3", tuple(facts))


class InvariantBroken(Exception):
    """Told by its name: it comes as data."""


class DeadlockError(Exception):
    """As above."""


def test_a_run_that_ended_well_has_none():
    assert findings(ended()) == []


@pytest.mark.parametrize(
    ("error", "law", "said"),
    [
        (KeyError("x"), "error", "KeyError: 'x'"),
        (ValueError(), "error", "ValueError"),
        (AssertionError("it\n is  so"), "assertion", "it is so"),
        (AssertionError(), "assertion", "an assert of the spec fails"),
        (InvariantBroken("no"), "invariant", "no"),
        (DeadlockError("all\nwait"), "deadlock", "all wait"),
        (ExceptionGroup("two", [KeyError(1), AssertionError("deep")]), "assertion", "deep"),
    ],
)
def test_an_error_is_known_by_what_it_is(error, law, said):
    (found,) = findings(ended(error))
    assert (found.law, found.said, found.place) == (law, said, "spec.py:3")


def test_an_assertion_that_was_the_cause():
    error = RuntimeError("later")
    error.__cause__ = AssertionError("first")
    assert [one.said for one in findings(ended(error))] == ["first"]


def test_what_the_watchers_say_of_a_deadlock_is_told_instead_of_the_error():
    fact = Fact("lost wake-up", "nobody signals", "spec.py:9", None, ("0",), ("a", "b"))
    (found,) = findings(ended(DeadlockError("all wait"), [fact]))
    assert (found.law, found.said, found.place) == ("lost wake-up", "nobody signals\na\nb", "spec.py:9")
    both = findings(ended(KeyError("x"), [Fact("leak", "open", step=4)]))
    assert [(one.law, one.step) for one in both] == [("error", None), ("leak", 4)]


def test_a_leak_without_a_watcher():
    (found,) = findings(ended(leaked=("task 0.1 waits for C.c at spec.py:7, in C.get", "task 0.2 waits")))
    assert (found.law, found.place) == ("leak", "spec.py:7")
    assert "and 1 more: the root has ended" in found.said
    assert [one.said for one in findings(ended(facts=[Fact("leak", "better")], leaked=("x",)))] == ["better"]
