"""What is measured is really done: each piece of work counts itself, on both sides and by every peer."""

import itertools
import json

import pytest

from duality import run
from duality.bench import work
from duality.bench.machine import package
from duality.bench.marks import CLAIMS
from duality.bench.process import output
from duality.bench.scheduler import CALLERS, RESTERS, SCHEDULERS, Job, command, jobs, measure, possible, value
from duality.bench.specs import ring

HERE = [who for who in SCHEDULERS if who != "gevent" or package("gevent") != "absent"]


@pytest.mark.parametrize("who", ["threads", "events", "asyncio"])
def test_a_ring_counts_its_tasks_and_none_ends_within_the_measured_time(who: str) -> None:
    raw = work.main("ring", who, 50, 20)
    assert (raw["ended"], raw["ended_early"]) == (49, 0)
    assert raw["seconds"] > 0


@pytest.mark.parametrize("who", HERE)
def test_a_ring_in_a_process_of_its_own(who: str) -> None:
    raw = json.loads(output(command(Job("yield", who, "ring", who, 20, 5, "steps")), None))
    assert (raw["ended"], raw["ended_early"], raw["tasks"], raw["rounds"]) == (19, 0, 20, 5)


@pytest.mark.parametrize("who", ["threads", "events"])
def test_whole_rounds_of_all_the_others_lie_between_two_looks_at_the_clock(who: str) -> None:
    # The claim that `seconds` is the cost of tasks * rounds steps rests on this.
    looks = itertools.count()
    found = run(ring, on=who, trace=True, tasks=7, rounds=3, clock=lambda: float(next(looks)))
    assert found.trace is not None
    assert found.value["seconds"] == 1.0  # looked at twice
    names = [step.task for step in found.trace]
    # The root's second step begins with the first look, its fifth with the second.
    _, first, *_, second = [place for place, name in enumerate(names) if name == "0"][:5]
    assert second - first == 7 * 3
    assert all(len(set(names[start : start + 7])) == 7 for start in range(first, second, 7))


@pytest.mark.parametrize("who", RESTERS)
def test_the_variables_live_through_every_rest(who: str) -> None:
    raw = work.main("laden", who, 10, 4)
    assert raw["ended"] in (9, 10)  # 1 + 2 + 3 + 4 of each task, in tens
    assert raw["ended_early"] == 0


@pytest.mark.parametrize("who", ["threads", "events", "asyncio"])
def test_everyone_is_parked_when_the_lot_is_weighed(who: str) -> None:
    assert work.main("lot", who, 30, 1)["parked"] == 30


@pytest.mark.parametrize("who", CALLERS)
def test_every_call_is_counted_by_what_it_answers(who: str) -> None:
    raw = work.main("calls", who, 1, 30)
    assert (raw["calls"], raw["turns"]) == (300, 30)


@pytest.mark.parametrize(
    ("what", "raw"),
    [
        ("ring", {"ended_early": 1, "ended": 10}),
        ("ring", {"ended_early": 0, "ended": 8}),
        ("lot", {"parked": 9}),
        ("laden", {"ended_early": 1, "ended": 10}),
        ("calls", {"calls": 19, "turns": 2}),
        ("calls", {"calls": 20, "turns": 1}),
    ],
)
def test_work_that_was_not_done_is_no_result(what: str, raw: work.Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(work.WORK, what, lambda who, tasks, rounds: raw)
    with pytest.raises(RuntimeError, match="did not do"):
        work.main(what, "threads", 10, 2)


# ---- the jobs


def test_what_is_compared_does_the_same_number_of_steps() -> None:
    for measure_name in ("yield", "scale", "rest", "call"):
        assert len({job.tasks * job.rounds for job in jobs() if job.measure == measure_name}) == 1
    assert {job.tasks for job in jobs() if job.measure == "yield"} == {1_000}
    assert {job.tasks for job in jobs() if job.measure == "scale"} == {1_000, 100_000}
    assert {job.tasks for job in jobs() if job.measure == "memory"} == {100_000}


def test_a_rest_is_compared_with_one_among_as_many() -> None:
    names = {(job.contender.partition(",")[0], job.tasks) for job in jobs() if job.measure == "rest"}
    assert names == {(who, tasks) for who in RESTERS for tasks in (100, 1_000)}
    for job in jobs():
        if job.measure == "rest":
            assert job.contender == f"{job.who}, {job.tasks:,}"
    for claim in CLAIMS:
        if claim.measure == "rest":
            assert claim.above.partition(", ")[2] == claim.below.partition(", ")[2]


def test_the_cost_of_one_of_many() -> None:
    assert value(
        Job("yield", "x", "ring", "x", 1000, 10, "ns of processor per step"), {"seconds": 0.01}
    ) == pytest.approx(1000.0)
    assert value(Job("memory", "x", "lot", "x", 10, 1, "bytes per parked task"), {"bytes": 6000}) == 600.0


def test_a_call_does_not_cost_what_the_loop_around_it_does() -> None:
    job = Job("call", "x", "calls", "x", 1, 10, "ns of processor per call")
    assert value(job, {"seconds": 1.2e-5, "loop": 2e-6}) == pytest.approx(100.0)  # of 100 calls in 10 turns


def test_without_gevent_the_others_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duality.bench.scheduler.package", lambda name: "absent")
    rest, missing = possible(jobs())
    assert missing == ["gevent is not installed: pip install 'duality[bench]'."]
    assert len(rest) == len(jobs()) - 4
    assert all(job.who != "gevent" for job in rest)


def test_a_sample_tells_how_it_was_made() -> None:
    job = Job("call", "plain method", "calls", "plain method", 1, 50, "ns of processor per call")
    sample = measure(job, 3)
    assert (sample.measure, sample.contender, sample.round, sample.unit) == ("call", "plain method", 3, job.unit)
    assert sample.command[1:] == ["-m", "duality.bench.work", "calls", "plain method", "1", "50"]
    assert sample.value == pytest.approx((sample.raw["seconds"] - sample.raw["loop"]) / 500 * 1e9)
