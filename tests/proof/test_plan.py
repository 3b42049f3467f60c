"""A plan is a function of seed and number, and leaves no combination out."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.proof.plan import CROSSINGS, KINDS, TWICE, Plan

some = st.lists(st.sampled_from(list(KINDS)), min_size=1, unique=True)
ways = st.lists(st.sampled_from(CROSSINGS), min_size=1, unique=True)


@given(some, ways)
def test_every_kind_meets_every_crossing_and_every_leader(kinds, crossings):
    plan = Plan(1000, 0, kinds, crossings)
    cycle = 3 * len(kinds) * len(crossings)
    met = Counter((turn.kind, turn.crossing, turn.leader) for turn in (plan[number] for number in range(cycle)))
    assert len(met) == cycle
    assert set(met.values()) == {1}


@given(some, ways)
def test_what_is_always_the_same_has_its_turn_once(kinds, crossings):
    plan = Plan(1000, 0, kinds, crossings)
    later = {plan[number].kind for number in range(3 * len(kinds) * len(crossings), 200)}
    drawn = set(kinds) & {"random", "pct"}
    assert later == (drawn or set(kinds))


def test_every_twentieth_run_is_made_twice():
    plan = Plan(1000, 0, tuple(KINDS), CROSSINGS)
    again = [3 * number + plan[number].twice for number in range(200) if plan[number].twice is not None]
    assert again == list(range(TWICE - 1, 600, TWICE))


def test_other_seeds_are_other_schedules():
    seeds = {Plan(50, seed, ("random",), CROSSINGS)[number].seed for seed in range(20) for number in range(50)}
    assert len(seeds) == 1000


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_a_schedule_that_can_be_played(kind):
    schedule = Plan(5, 1, (kind,), CROSSINGS)[4].schedule(10)
    assert schedule.arrival or 0 <= schedule.choose(("0", "0.1")) < 2
