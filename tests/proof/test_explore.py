"""``explore`` finds every way in which a spec can end, and says the truth about how it looked."""

import itertools
import random
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from duality import application, fork, join, module, procedure, run, sleep, yield_now
from duality.core.io.simulated import SimulatedIO
from duality.errors import DeadlockError, SpecError
from duality.proof.explore import explore
from duality.proof.reduction import NondeterminismError
from duality.proof.schedule import Schedule
from duality.proof.trial import RUNTIMES
from tests.corpus import CORPUS, examples
from tests.proof.composed import OPERATIONS, composed

REST = ("rest", 0, 0)
FEW = 400
"""Schedules without reduction, of a spec that is small enough to be compared here."""


def outcomes(found):
    return {one.text for one in found.outcomes}


def told(build):
    def made():
        return build()

    return application(made)


# -- against brute force -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CORPUS)
def test_reduction_loses_no_outcome_of_a_small_spec(name):
    app = told(CORPUS[name])
    brute = explore(app, "oracle", reduce=False, limit=60)
    if brute.cut:
        pytest.skip("too many schedules to be run one by one")
    found = explore(app)
    assert found.proved, found.difference
    for side in found.sides.values():
        assert set(side.outcomes) == outcomes(brute), side.on
        assert side.schedules <= brute.schedules
        assert side.without == brute.schedules, "each run stands for as many schedules as there are"


PROGRAMS = st.lists(
    st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=2).map(
        tuple
    ),
    min_size=2,
    max_size=3,
).map(tuple)


@settings(max_examples=25, deadline=None)
@given(PROGRAMS, st.sampled_from(("join", "scope", "gone")), st.sampled_from(RUNTIMES), st.booleans())
def test_reduction_loses_no_outcome_of_any_spec(programs, how, on, queued):
    given = {"programs": programs, "how": how, "crossing": "queued" if queued else "direct"}
    brute = explore(composed, on, reduce=False, limit=120, **given)
    assume(not brute.cut)
    found = explore(composed, on, **given)
    assert outcomes(found) == outcomes(brute)
    assert found.deadlocks == brute.deadlocks
    assert found.without == brute.schedules


# -- how much is left out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["scope", "gone"])
def test_independent_tasks_are_run_once(how):
    found = explore(composed, programs=((REST, REST),) * 3, how=how)
    for side in found.sides.values():
        assert (side.schedules, side.abandoned, side.without, side.exact) == (1, 0, 1680, True)


@pytest.mark.parametrize("on", RUNTIMES)
def test_tasks_of_different_modules_do_not_disturb_each_other(on):
    found = explore(composed, on, programs=((("hold", 0, 1), REST), (("hold", 1, 1), REST)), how="gone")
    assert found.schedules == 1
    assert found.without > 10


def test_what_is_read_by_all_is_written_by_none():
    found = explore(composed, programs=((("look", 0, 1),),) * 3, how="scope")
    assert found.schedules == len(RUNTIMES)
    changed = explore(composed, programs=((("look", 0, 1),), (("update", 0, 1),)), how="join")
    assert len(changed.outcomes) == 2


# -- deadlocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seats", [2, 3])
def test_the_naive_philosophers_deadlock_is_found_with_its_cycle_on_each_runtime(seats):
    found = explore(examples()["deadlocking"], philosophers=seats, meals=1)
    assert found.proved, found.difference
    for side in found.sides.values():
        assert side.deadlocks == found.deadlocks
    for deadlock in found.deadlocks:
        for task, stick in itertools.product(range(1, seats + 1), range(seats)):
            assert f"task 0.{task} waits for the module Chopstick chopsticks[" in deadlock
            assert f"chopsticks[{stick}]" in deadlock


def test_the_ordered_philosophers_are_proved_to_eat():
    found = explore(examples()["dining_philosophers"], "events", philosophers=3, meals=1)
    assert found.proved
    assert not found.deadlocks
    assert [one.brief for one in found.outcomes] == ["value ([1, 1, 1], [2, 2, 2])"]
    assert found.without == 1602
    assert str(found).startswith("dining_philosophers: proved")


def test_four_philosophers_are_few_enough():
    found = explore(examples()["dining_philosophers"], "events", philosophers=4, meals=1)
    assert found.proved
    assert (found.without, found.exact) == (658_569, True)
    assert found.schedules < 1_000


@pytest.mark.parametrize("on", RUNTIMES)
def test_the_word_of_an_outcome_leads_there_on_every_runtime(on):
    found = explore(examples()["deadlocking"], "threads", philosophers=2, meals=1)
    for one in found.outcomes:

        def again(one=one):
            schedule, io = Schedule.of(one.word), SimulatedIO()
            return run(examples()["deadlocking"], on, io=io, schedule=schedule, philosophers=2, meals=1)

        if one.deadlock:
            with pytest.raises(DeadlockError) as caught:
                again()
            assert str(caught.value) == one.deadlock
        else:
            assert f"value {again().value!r}" == one.brief


# -- what time does ----------------------------------------------------------------------------------------------------


@module
class Sleepers:
    delays: tuple
    woken: tuple = ()

    @procedure
    async def nap(self, delay):
        await sleep(delay)
        self.woken += (delay,)

    @procedure
    async def main(self):
        for task in [fork(self.nap, delay) for delay in self.delays]:
            await join(task)
        return self.woken


@application
def sleepers(delays):
    return Sleepers(delays)


def test_time_orders_what_wakes_at_different_moments():
    found = explore(sleepers, delays=(3, 1, 2))
    assert [one.brief for one in found.outcomes] == ["value (1, 2, 3)"]
    assert all(side.schedules == 1 for side in found.sides.values())


@pytest.mark.parametrize("delays", [(1, 1), (0, 0), (0, 1)])
def test_what_wakes_at_one_moment_may_go_on_in_any_order(delays):
    found = explore(sleepers, delays=delays)
    brute = explore(sleepers, "oracle", reduce=False, delays=delays)
    assert found.proved, found.difference
    assert outcomes(found) == outcomes(brute)


# -- bounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bound", "cut"), [({"depth": 5}, "depth"), ({"limit": 3}, "limit")])
def test_a_bound_that_is_met_is_said_and_proves_nothing(bound, cut):
    found = explore(examples()["dining_philosophers"], philosophers=3, meals=1, **bound)
    assert found.cut == cut
    assert not found.proved
    assert "not proved" in str(found)
    assert f"explored to depth {found.depth}, not proved" in str(found)
    assert "estimated" in str(found)


def test_a_run_without_end_is_cut():
    @module
    class Spinning:
        @procedure
        async def main(self):
            while True:
                await yield_now()

    found = explore(application(lambda: Spinning()), "events", depth=20)
    assert found.cut == "depth"
    assert (found.depth, found.schedules) == (20, 0)


def test_an_estimate_is_called_one_and_is_near():
    found = explore(examples()["dining_philosophers"], "events", philosophers=3, meals=1, limit=2)
    assert not found.exact
    assert 1602 / 10 < found.without < 1602 * 10


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "fibres"}, "on must be of oracle, threads, events, not 'fibres'"),
        ({"on": ()}, "runs nothing proves nothing"),
        ({"limit": 0}, "limit must be at least 1, not 0"),
        ({"depth": -2}, "depth must be at least 1, not -2"),
        ({"crossing": "sideways"}, "crossing must be"),
        ({"io": object()}, "io must be a simulated I/O core"),
        ({"io": SimulatedIO(log=False)}, "io must keep its log"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        explore(composed, programs=(), **wrong)


def test_an_application_that_draws_its_own_lots_is_found_out():
    @module
    class Gambler:
        @procedure
        async def rest(self):
            await yield_now()

        @procedure
        async def main(self):
            for _ in range(random.randrange(1, 6)):
                fork(self.rest)
            await yield_now()
            await yield_now()

    with pytest.raises(NondeterminismError, match="uncontrolled nondeterminism at step"):
        explore(application(lambda: Gambler()), "threads", reduce=False)


COUNTED = 0


@module
class Global:
    @procedure
    async def main(self):
        global COUNTED
        COUNTED += 1
        await yield_now()


def test_state_outside_the_modules_is_refused_at_its_line():
    with pytest.raises(SpecError, match="the global `COUNTED`, used by main, was changed by a run") as caught:
        explore(application(lambda: Global()), "oracle")
    assert caught.value.file == __file__
    assert caught.value.line > 0


def test_progress_is_told_after_every_run():
    seen = []
    programs = ((("update", 0, 1),),) * 2
    found = explore(composed, "events", programs=programs, progress=lambda so: seen.append(so.schedules))
    assert seen[-1] == found.schedules
    assert found.counts()["events"]["schedules"] == found.schedules
