"""How many orders the steps of a run have."""

import math
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from duality.proof.extensions import Extensions
from duality.proof.footprints import Footprint
from duality.proof.reduction import Event


def events(tasks, arcs):
    """Steps of ``tasks`` in this order; besides a task's own order, each arc (earlier, later) holds."""
    made = []
    for place, task in enumerate(tasks):
        before = 1 << place
        for earlier, event in enumerate(made):
            if event.task == task or (earlier, place) in arcs:
                before |= event.before
        made.append(Event(task, Footprint(), before))
    return made


def test_independent_tasks_may_take_their_steps_in_any_order():
    counted = Extensions()
    counted.add(events("aaabbbccc", set()))
    assert counted.total == math.factorial(9) // math.factorial(3) ** 3 == 1680


@given(
    st.text("abc", min_size=1, max_size=6),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda arc: arc[0] < arc[1]), max_size=4),
)
def test_the_count_is_that_of_all_orders_that_respect_what_depends(tasks, arcs):
    made = events(tasks, arcs)
    orders = sum(
        all(not made[place].before & ~sum(1 << one for one in order[: at + 1]) for at, place in enumerate(order))
        for order in permutations(range(len(made)))
    )
    counted = Extensions()
    counted.add(made)
    counted.add(made)
    assert counted.total == 2 * orders


def test_what_is_too_much_to_count_is_given_up():
    counted = Extensions(cheap=10)
    counted.add(events("aaabbbccc", set()))
    assert counted.total is None
