"""The search, without a runtime: tasks are lists of steps, and a step is the keys that it writes."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.proof.footprints import Footprint
from duality.proof.reduction import Asleep, NondeterminismError, Search, TooDeep

PROGRAMS = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=3), min_size=1, max_size=3)


def ways(programs, reduce):
    """Every run that the search makes, as the order of its steps, and how many it left early."""
    search, found, left = Search(reduce, 100), [], 0
    while True:
        done, order = [0] * len(programs), []
        try:
            while any(done[place] < len(program) for place, program in enumerate(programs)):
                offered = tuple(str(p) for p, program in enumerate(programs) if done[p] < len(program))
                task = int(search.choose(len(order), offered))
                search.stepped(len(order), str(task), Footprint(0, 1 << programs[task][done[task]]), 0)
                order.append((task, done[task]))
                done[task] += 1
            found.append(tuple(order))
        except Asleep:
            left += 1
        if not search.advance():
            return found, left


def outcome(programs, order):
    """The order in which each key was written."""
    written = {}
    for task, step in order:
        written.setdefault(programs[task][step], []).append((task, step))
    return tuple(sorted((key, tuple(steps)) for key, steps in written.items()))


@given(PROGRAMS)
def test_each_outcome_is_reached_by_exactly_one_run(programs):
    steps = [(task, step) for task, program in enumerate(programs) for step in range(len(program))]
    if len(steps) > 6:
        programs = [program[:2] for program in programs]
        steps = [(task, step) for task, program in enumerate(programs) for step in range(len(program))]
    orders = {
        order
        for order in permutations(steps)
        if all(order.index((task, step)) > order.index((task, step - 1)) for task, step in order if step)
    }
    brute, _ = ways(programs, reduce=False)
    assert sorted(brute) == sorted(orders)
    found, _ = ways(programs, reduce=True)
    reached = [outcome(programs, order) for order in found]
    assert set(reached) == {outcome(programs, order) for order in orders}
    assert len(reached) == len(set(reached))


def test_steps_that_do_not_depend_are_run_in_one_order():
    found, left = ways([[0, 0, 0], [1, 1, 1], [2, 2, 2]], reduce=True)
    assert (len(found), left) == (1, 0)


def test_what_is_offered_must_be_what_was_offered():
    search = Search(True, 10)
    for step, task in enumerate(("0", "1")):
        assert search.choose(step, ("0", "1") if step == 0 else ("1",)) == task
        search.stepped(step, task, Footprint(0, 1), 0)
    assert search.advance()
    with pytest.raises(NondeterminismError, match="at step 0: .* ready was first 0, 1, and then 0"):
        search.choose(0, ("0",))


def test_a_run_that_is_too_long_is_left():
    with pytest.raises(TooDeep):
        Search(True, 1).choose(1, ("0",))
