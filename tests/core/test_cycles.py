"""A circle of definite waits is found when its last arc would close it, every search ends, and none looks too far."""

import sys
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core import cycles
from duality.core.cycles import find_cycle, refuse_cycle
from duality.core.gate import Gate
from duality.core.scope import Scope
from duality.core.task import Task
from duality.errors import DeadlockError


def tasks(count):
    return [Task(str(number), deque()) for number in range(count)]


def held(name, holder):
    gate = Gate(name, deque())
    gate.holder = holder
    return gate


def scope_of(owner, children):
    """A scope that ``owner`` leaves, and is held up by ``children``."""
    waiting = iter(children)
    scope = Scope(owner, lambda procedure: next(waiting))
    for _ in children:
        scope.fork(None)
    return scope


def test_a_held_module_is_an_arc_to_its_holder():
    one, two = tasks(2)
    left, right = held("left", one), held("right", two)
    assert find_cycle(one, right) == []
    right.enter(one)
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
    one, two, three, four = tasks(4)
    one.join(three)
    scope = scope_of(four, [two, three])
    assert find_cycle(one, four) == []
    scope.leave(four, None)
    assert find_cycle(three, four) == [
        "task 2 waits for task 3",
        "task 3 waits for the end of its scope: task 1, task 2, that is task 2",
    ]


def test_a_circle_of_others_is_not_ours_and_the_search_ends():
    one, two, three = tasks(3)
    left, right = held("left", two), held("right", three)
    left.queue_again(three, None)
    right.queue_again(two, None)
    assert find_cycle(one, two) == []
    assert find_cycle(one, left) == []


def test_a_long_chain_needs_no_deep_stack():
    chain = tasks(20_000)
    for waiter, needed in zip(chain, chain[1:], strict=False):
        needed.joiners, waiter.parked = {waiter: None}, needed
    assert find_cycle(chain[-1], chain[0])[0] == "task 19999 waits for task 0"
    assert len(find_cycle(chain[-1], chain[0])) == 20_000


# -- how far a search looks --------------------------------------------------------------------------------------------


def calls_while(work):
    """How many functions and generators of ``cycles`` are called, or go on, while ``work`` is done."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += event == "call" and frame.f_code.co_filename == cycles.__file__

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted


def test_callers_that_queue_behind_one_that_leaves_a_large_scope_look_at_nobody_in_it():
    owner, *children = tasks(4_001)
    gate = held("busy", owner)
    scope_of(owner, children).leave(owner, None)
    callers = tasks(4_000)

    def queue():
        for caller in callers:
            gate.enter(caller)

    assert calls_while(queue) <= 12 * len(callers)
    assert list(gate.queue) == callers


def test_a_holder_behind_whom_many_queue_joins_without_a_look_at_them():
    owner, other, *callers = tasks(4_002)
    gate = held("busy", owner)
    for caller in callers:
        gate.enter(caller)
    assert calls_while(lambda: other.join(owner)) <= 16
    other.withdraw(owner)
    assert calls_while(lambda: [find_cycle(owner, other) for _ in callers]) <= 16 * len(callers)


def test_whoever_is_cancelled_leaves_a_long_queue_without_a_search():
    owner, *callers = tasks(4_001)
    gate = held("busy", owner)
    for caller in callers:
        gate.enter(caller)
    assert owner.held == (gate,)
    for caller in callers[1::2]:
        caller.cancel()
    assert list(gate.queue) == callers[::2]
    for caller in callers[::2]:
        caller.cancel()
    assert owner.held == ()


# -- any waits whatever ------------------------------------------------------------------------------------------------

MOVES = st.lists(st.tuples(st.sampled_from(["join", "enter", "leave", "free"]), st.integers(0, 5), st.integers(0, 5)))


def needed(task):
    return cycles.needs(task.parked)


def reaches(start, goal):
    """Whether ``goal`` is needed by somebody whom ``start`` leads to: the plain definition, over all arcs."""
    met, ahead = set(), list(start)
    while ahead:
        task = ahead.pop()
        if task not in met:
            met.add(task)
            ahead += needed(task)
    return goal in met


@given(MOVES)
def test_a_circle_is_found_exactly_when_there_is_one(moves):
    """Tasks join, enter modules and leave scopes as they like; what would close a circle is refused, and only that."""
    made = tasks(6)
    gates = [Gate(str(number), deque()) for number in range(6)]
    scopes = [scope_of(task, [other]) for task, other in zip(made, [*made[1:], made[0]], strict=True)]
    for move, who, what in moves:
        task = made[who]
        if task.parked is not None:
            continue
        if move == "free":
            for gate in gates:
                if gate.holder is task:
                    gate.release()
            continue
        wanted = {"join": made[what], "enter": gates[what], "leave": scopes[who]}[move]
        circle = reaches(cycles.needs(wanted), task)
        found = find_cycle(task, wanted)
        assert bool(found) == circle
        if circle:
            assert found[0].startswith(f"task {task.name} waits for")
            continue
        if move == "join":
            made[what].join(task)
        elif move == "enter":
            gates[what].enter(task)
        elif not scopes[who].left:
            scopes[who].leave(task, None)
    for task in made:
        assert set(task.held) == {gate for gate in gates if gate.holder is task and gate.queue}
