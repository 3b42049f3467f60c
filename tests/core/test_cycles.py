"""A circle of definite waits is found when its last arc would close it, and every search ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.cycles import find_cycle, refuse_cycle
from duality.core.gate import Gate
from duality.core.task import Task
from duality.errors import DeadlockError


class Several:
    """Whoever is parked here needs several others."""

    def __init__(self, *needed):
        self.needed = needed

    def waits_for(self):
        return self.needed

    def __str__(self):
        return "several"


def tasks(count):
    return [Task(str(number), []) for number in range(count)]


def held(name, holder):
    gate = Gate(name, [])
    gate.holder = holder
    return gate


def test_a_held_module_is_an_arc_to_its_holder():
    one, two = tasks(2)
    left, right = held("left", one), held("right", two)
    assert find_cycle(one, right) == []
    one.parked = right
    with pytest.raises(DeadlockError, match="task 1 would wait for itself, in a cycle") as caught:
        refuse_cycle(two, left)
    assert caught.value.cycle == (
        "task 1 waits for the module left, held by task 0",
        "task 0 waits for the module right, held by task 1",
    )
    assert two.parked is None


def test_a_module_that_is_held_by_the_caller_itself_is_the_smallest_circle():
    (one,) = tasks(1)
    assert find_cycle(one, held("mine", one)) == ["task 0 waits for the module mine, held by task 0"]


def test_who_waits_at_something_indefinite_closes_no_circle():
    one, two = tasks(2)
    two.parked = object()  # a timer, a socket, a condition
    assert find_cycle(one, held("other", two)) == []


def test_of_several_tasks_needed_one_that_leads_back_is_enough():
    one, two, three = tasks(3)
    three.parked = one
    circle = find_cycle(one, Several(two, three))
    assert circle == ["task 0 waits for several, that is task 2", "task 2 waits for task 0"]


def test_a_circle_of_others_is_not_ours_and_the_search_ends():
    one, two, three = tasks(3)
    two.parked, three.parked = three, two
    assert find_cycle(one, two) == []


def test_a_long_chain_needs_no_deep_stack():
    chain = tasks(20_000)
    for waiter, needed in zip(chain, chain[1:], strict=False):
        waiter.parked = needed
    assert find_cycle(chain[-1], chain[0])[0] == "task 19999 waits for task 0"
    assert len(find_cycle(chain[-1], chain[0])) == 20_000


@given(
    st.integers(1, 6).flatmap(lambda size: st.lists(st.sets(st.integers(0, size - 1)), min_size=size, max_size=size))
)
def test_a_circle_is_found_exactly_when_there_is_one(arcs):
    made = tasks(len(arcs))
    for task, needed in zip(made, arcs, strict=True):
        task.parked = Several(*(made[number] for number in sorted(needed)))
    reached, ahead = set(), set(arcs[0])
    while ahead:
        number = ahead.pop()
        if number not in reached:
            reached.add(number)
            ahead |= arcs[number]
    circle = find_cycle(made[0], made[0].parked)
    assert bool(circle) == (0 in reached)
    if circle:
        assert circle[0].startswith("task 0 waits for")
        assert circle[-1].endswith("that is task 0")
