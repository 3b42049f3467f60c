"""The law of the duality: same blocking graph, same choices offered, same steps, same outcomes, on all three.

(L1) traces, (L2) outcomes, (L3) graphs, (L5) determinism, as section 4 of the design numbers them.
"""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.compiler import graph_of
from duality.proof import Schedule
from duality.proof.strategies import schedules
from duality.proof.trial import Trial
from tests.conftest import RUNTIMES, application_of
from tests.corpus import CORPUS
from tests.observing import observe

SEEDS = {"direct": (1, 2, 3), "queued": (4, 5)}
PATIENCE = 120


def assert_equal(spec: str, crossing: str, schedule: Schedule) -> Trial:
    """The three runs with one schedule are the same run; gives it."""
    played = {on: schedule.again() for on in RUNTIMES}
    seen = {on: observe(CORPUS[spec], on, played[on], crossing) for on in RUNTIMES}
    threads, events, oracle = seen.values()
    for name, other in (("threads", threads), ("events", events)):
        told = f"{name} and the oracle differ in {spec!r} ({crossing}) with {played['oracle']}:"
        for number, (left, right) in enumerate(zip(other.steps, oracle.steps, strict=False)):
            assert left == right, f"{told}\nstep {number} {name}: {left}\nstep {number} oracle: {right}"
        assert len(other.steps) == len(oracle.steps), told
        assert other.outcome == oracle.outcome, told
        assert other.walked == oracle.walked, f"{told}\n{other.walked.diff(oracle.walked)}"
    assert played["threads"].word == played["events"].word == played["oracle"].word
    return oracle


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("spec", CORPUS)
def test_the_three_take_the_same_steps_from_the_same_choices_to_the_same_end(spec, crossing):
    static = application_of(CORPUS[spec]).graph()
    assert_equal(spec, crossing, Schedule.fifo())
    for seed in SEEDS[crossing]:
        seen = assert_equal(spec, crossing, Schedule.seeded(seed))
        assert seen.walked <= static, seen.walked.diff(static, left="walked", right="static")


@settings(max_examples=60)
@given(spec=st.sampled_from(sorted(CORPUS)), schedule=schedules(), crossing=st.sampled_from(["direct", "queued"]))
def test_any_schedule_will_do(spec, schedule, crossing):
    assert_equal(spec, crossing, schedule)


@pytest.mark.parametrize("spec", CORPUS)
def test_three_readers_of_three_texts_find_one_static_graph(spec):
    application = application_of(CORPUS[spec])
    written, events, threads = (graph_of(application, text) for text in ("spec", "events", "threads"))
    assert written == events, written.diff(events, left="spec", right="events")
    assert written == threads, written.diff(threads, left="spec", right="threads")
    assert written.nodes
    assert written == application.graph()


def test_a_word_of_choices_is_the_run(on):
    spec = CORPUS["signals"]
    first = Schedule.seeded(3)
    seen = observe(spec, on, first)
    assert observe(spec, on, Schedule.of(first.word)) == seen
    assert observe(spec, on, Schedule.seeded(4)) != seen


def test_schedules_do_reach_different_ends():
    """A law that compares runs which are all alike would say nothing."""
    spec = CORPUS["a contested signal"]
    assert len({str(observe(spec, "oracle", Schedule.seeded(seed)).outcome) for seed in range(20)}) > 1


def story() -> str:
    """A run of every spec on every runtime, as text."""
    told = []
    for number, (spec, build) in enumerate(CORPUS.items()):
        for on in RUNTIMES:
            seen = observe(build, on, Schedule.seeded(number), ("direct", "queued")[number % 2])
            told.append(f"{spec} on {on}\n{seen}\n")
    return "".join(told)


TELL = """
import sys
sys.path[:0] = [sys.argv[1]]
from tests.test_law import story
sys.stdout.write(story())
"""


def test_a_run_is_the_same_in_every_process(pytestconfig):
    other_seed = {"PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    command = [sys.executable, "-O", "-c", TELL, str(pytestconfig.rootpath)]
    told = subprocess.run(
        command, env={**os.environ, **other_seed}, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert told.stderr == ""
    mine = story()
    assert len(mine) > 100_000
    assert told.stdout == mine
