"""What must be equal is judged equal only when it is, and the first difference is the one told."""

import pickle
from typing import Any

import pytest
from attrs import evolve

from duality import application, fail_after, module, procedure, yield_now
from duality.cli import laws
from duality.cli.outcome import Outcome
from duality.core.recorder import Step
from duality.graph import BlockingGraph, Edge, Node

BEGIN, REST, END = (Node("Main.main", kind, place, place + 7) for place, kind in enumerate(["begin", "yield", "end"]))
STATIC = BlockingGraph.from_edges([Edge(BEGIN, REST), Edge(REST, END), Edge(BEGIN, END)])
WALKED = BlockingGraph.from_edges([Edge(BEGIN, REST), Edge(REST, END)])
STEPS = (Step(("0",), "0", [BEGIN, REST]), Step(("0", "0.1"), "0", [END], ["fork 0.1"]))


def three(**changes: Any) -> dict[str, Outcome]:
    """Three equal outcomes, but for what events is changed in."""
    same = {side: Outcome(side, pickle.dumps(1), "1", None, STEPS, WALKED) for side in laws.SIDES}
    return same | {"events": evolve(same["events"], **changes)}


def test_equal_runs_keep_every_law() -> None:
    outcomes = three()
    for law in (laws.outputs(outcomes), laws.walked_graphs(outcomes, False), laws.traces(outcomes, False),
                laws.within(outcomes, STATIC)):  # fmt: skip
        assert law.holds is True
        assert law.difference == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"value": pickle.dumps(2), "shown": "2"},
        {"value": None, "shown": "2"},
        {"error": "ValueError: no"},
    ],
)
def test_another_output_is_told(changes: dict[str, Any]) -> None:
    law = laws.outputs(three(**changes))
    assert law.holds is False
    assert law.said == "threads and events differ"
    assert law.difference.splitlines()[0] == "threads: 1"
    assert law.difference.splitlines()[1] in ("events: 2", "events: ValueError: no")


def test_values_are_equal_if_they_say_so_or_look_so() -> None:
    assert laws.outputs(three(value=pickle.dumps(1.0), shown="1.0")).holds
    one, other = ("<Thing object at 0x7f01>", "<Thing object at 0x7f02>")
    outcomes = {side: Outcome(side, None, one) for side in laws.SIDES}
    assert laws.outputs(outcomes | {"oracle": Outcome("oracle", None, other)}).holds


def test_equal_errors_are_equal_outputs() -> None:
    outcomes = {side: Outcome(side, error="DeadlockError: a cycle") for side in laws.SIDES}
    assert laws.outputs(outcomes).holds


def test_the_first_step_that_differs_is_told() -> None:
    other = (STEPS[0], Step(("0", "0.1"), "0", [END], []))
    law = laws.traces(three(steps=other), False)
    assert (law.holds, law.said) == (False, "threads and events differ from step 1")
    assert law.difference.splitlines() == [f"step 1, threads: {STEPS[1]}", f"step 1, events: {other[1]}"]


def test_a_trace_that_ends_early_differs_where_it_ends() -> None:
    law = laws.traces(three(steps=STEPS[:1]), False)
    assert law.difference.endswith("step 1, events: has ended")


def test_the_ready_sets_are_part_of_a_step() -> None:
    other = (Step(("0", "0.1"), "0", [BEGIN, REST]), STEPS[1])
    assert laws.traces(three(steps=other), False).holds is False


def test_where_kernel_or_clock_chose_steps_and_walks_do_not_bind() -> None:
    other = three(steps=STEPS[:1], walked=BlockingGraph.from_edges([Edge(BEGIN, REST)]))
    assert laws.traces(other, True).holds is None
    assert laws.walked_graphs(other, True).holds is None
    assert laws.walked_graphs(other, False).holds is False


def test_a_run_that_leaves_the_static_graph_breaks_the_law_whoever_chose() -> None:
    strange = Edge(REST, REST)
    law = laws.within(three(walked=WALKED | BlockingGraph.from_edges([strange])), STATIC)
    assert law.holds is False
    assert law.difference == f"events walked {strange}, which the static graph does not have"


def test_a_static_graph_that_differs_is_told() -> None:
    law = laws.static_graphs({"spec": STATIC, "events": WALKED, "threads": STATIC})
    assert law.holds is False
    assert "only spec    begin@7 -> end@9" in law.difference


@module
class Plain:
    @procedure
    async def main(self) -> None:
        await yield_now()


@module
class Timed:
    @procedure
    async def main(self) -> None:
        with fail_after(5):
            await yield_now()


@application
def plain() -> Plain:
    return Plain()


@application
def timed() -> Timed:
    return Timed()


def test_deadlines_are_a_matter_of_the_clock() -> None:
    assert not laws.asks_outside(plain, plain.graph())
    assert laws.asks_outside(timed, timed.graph())


def test_network_and_sleep_are_a_matter_of_the_kernel() -> None:
    for kind in ("io", "sleep"):
        assert laws.asks_outside(plain, BlockingGraph([Node("P.p", kind, 1, 1)]))
