"""The functions of the law, on trials that are made up: each says nothing, or the first place that differs."""

import pytest
from attrs import evolve

from duality.core.recorder import Step
from duality.graph import BlockingGraph, Edge, Node
from duality.proof import law
from duality.proof.law import Static, first_difference
from duality.proof.trial import Trial

BEGIN, REST, END = (Node("Main.main", kind, place, place + 3) for place, kind in enumerate(["begin", "yield", "end"]))
GRAPH = BlockingGraph.from_edges([Edge(BEGIN, REST), Edge(REST, END)])


def made(on="threads", **other):
    steps = (Step(("0",), "0", [BEGIN, REST], ["fork 0.1"]), Step(("0", "0.1"), "0", [END]))
    return evolve(Trial(on, steps, {"value": "1", "state": {}}, GRAPH, ("read 1",), (0, 0)), **other)


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [("abc", "abc", None), ("abc", "abd", 2), ("ab", "abc", 2), ("", "a", 0), ("", "", None), ("xbc", "abd", 0)],
)
def test_the_first_difference(one, other, place):
    assert first_difference(one, other) == place
    assert first_difference(other, one) == place


def test_equal_trials_break_no_law():
    one, other = made(), made("events")
    for judged in (law.same_steps, law.same_end, law.same_walk, law.same_again):
        assert judged(one, other) is None
    assert Static(GRAPH).holds(one) is None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(("0.1",), "0.1"), "threads offers 0 0.1, events offers 0.1"),
        (Step(("0", "0.1"), "0.1", [END]), "threads chose 0, events chose 0.1"),
        (Step(("0", "0.1"), "0", [REST]), "threads passed Main.main end (line 5), events passed Main.main yield"),
        (Step(("0", "0.1"), "0", []), "threads passed Main.main end (line 5), events passed no more"),
        (Step(("0", "0.1"), "0", [END], ["signal x"]), "threads did nothing more, events did signal x"),
    ],
)
def test_l1_says_what_is_different_about_the_step(step, said):
    one = made()
    other = made("events", steps=(one.steps[0], step))
    found = law.same_steps(one, other)
    assert (found.law, found.step, found.trials) == ("L1", 1, (one, other))
    assert said in found.said
    assert law.blamed(one, other, 1) in (END, REST)


def test_l1_one_has_ended():
    one = made()
    other = made("events", steps=one.steps[:1])
    assert "events has ended, and threads goes on with 0" in law.same_steps(one, other).said
    assert "events has ended, and threads goes on with 0" in law.same_steps(other, one).said
    assert law.blamed(one, other, 1) == END


def test_l2_names_the_aspect():
    one, other = made(), made("events", outcome={"error": ("KeyError", "x", [], [], None, None), "state": {}})
    assert law.same_end(one, other).law == "L2"
    assert "value of threads: 1, of events: None" in law.same_end(one, other).said
    assert "error of threads: None" in law.same_end(one, made(outcome={**one.outcome, "error": "x"})).said


def test_l2_names_the_operation():
    one, other = made(), made("events", asked=("read 1", "read 2"))
    assert "operation 1" in law.same_end(one, other).said
    assert "threads asks nothing more, events asks read 2" in law.same_end(one, other).said


def test_l3_within_and_equal():
    found = Static(BlockingGraph([REST], [Edge(BEGIN, REST)])).holds(made())
    assert found.law == "L3"
    assert "Main.main: yield -> end" in found.said
    assert "which the static graph does not have" in found.said
    other = made("events", walked=BlockingGraph.from_edges([Edge(BEGIN, REST)]))
    assert "threads and events walked different graphs" in law.same_walk(made(), other).said
    assert law.same_texts({"spec": GRAPH, "events": GRAPH, "threads": GRAPH}) is None
    assert "spec text is not that of the threads" in law.same_texts(
        {"spec": GRAPH, "events": GRAPH, "threads": BlockingGraph()}
    ).said.replace("the static graph of the ", "")


def test_l5_says_at_which_step():
    one = made()
    found = law.same_again(one, made(steps=(one.steps[0], Step(("0",), "0", [END]))))
    assert (found.law, found.step) == ("nondeterminism", 1)
    assert "uncontrolled nondeterminism at step 1" in found.said
    found = law.same_again(one, made(outcome={"value": "2", "state": {}}))
    assert found.step == 2
    assert "they end differently: value" in found.said
    assert "what it asked" in law.same_again(one, made(asked=())).said
