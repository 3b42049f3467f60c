"""What is put in comes out, once, and never more than fits is inside."""

import pytest


def test_everything_produced_is_consumed_once(example, output):
    assert output(example.bounded_buffer) == (list(range(30)), 4)


@pytest.mark.parametrize(
    ("capacity", "producers", "consumers", "items"), [(1, 1, 1, 1), (1, 4, 3, 2), (2, 1, 5, 3), (7, 5, 1, 2)]
)
def test_the_buffer_is_never_fuller_than_its_capacity(example, output, capacity, producers, consumers, items):
    taken, fullest = output(
        example.bounded_buffer, capacity=capacity, producers=producers, consumers=consumers, items=items
    )
    assert taken == list(range(producers * consumers * items))
    assert 1 <= fullest <= capacity


def test_a_buffer_with_room_for_all_never_makes_anybody_wait(example, output):
    assert output(example.bounded_buffer, capacity=100, producers=1, consumers=1, items=9)[0] == list(range(9))
