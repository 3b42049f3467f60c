"""Words are counted, whatever the room in the queues."""

import pytest


def test_the_words_of_the_text_are_counted(example, output):
    assert output(example.pipeline) == {
        "the": 6, "and": 2, "are": 2, "duals": 2,
        "call": 1, "is": 1, "meet": 1, "message": 1, "monitor": 1, "process": 1, "queue": 1, "two": 1, "where": 1,
    }  # fmt: skip


@pytest.mark.parametrize("room", [1, 2, 1000])
def test_the_room_in_the_queues_changes_nothing(example, output, room):
    assert output(example.pipeline, text="b a\n\nb a b\nc", room=room) == {"b": 3, "a": 2, "c": 1}


def test_the_order_is_by_frequency_and_then_by_spelling(example, output):
    assert list(output(example.pipeline, text="z y z y x")) == ["y", "z", "x"]


def test_no_text_no_words(example, output):
    assert output(example.pipeline, text="") == {}
