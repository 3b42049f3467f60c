"""Ordered, everyone eats; unordered, the deadlock is reported with who waits for what."""

import pytest

from duality import DeadlockError


@pytest.mark.parametrize(("philosophers", "meals"), [(5, 3), (2, 1), (9, 2)])
def test_everyone_eats(example, output, philosophers, meals):
    eaten, uses = output(example.dining_philosophers, philosophers=philosophers, meals=meals)
    assert eaten == [meals] * philosophers
    assert uses == [2 * meals] * philosophers


@pytest.mark.parametrize("philosophers", [2, 5])
def test_the_deadlock_names_who_waits_for_what(example, output, philosophers):
    with pytest.raises(DeadlockError) as caught:
        output(example.deadlocking, philosophers=philosophers)
    for seat in range(philosophers):
        following = (seat + 1) % philosophers
        (wait,) = [wait for wait in caught.value.cycle if wait.startswith(f"task 0.{seat + 1} ")]
        assert f"Chopstick chopsticks[{following}]" in wait
        assert f"held by task 0.{following + 1}" in wait
        assert wait in str(caught.value)
