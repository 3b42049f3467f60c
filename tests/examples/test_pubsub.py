"""Who is subscribed gets the news, in order; who is not, does not; who leaves holds up nobody."""

import pytest


def test_each_reader_sees_what_was_published_while_it_was_there(example, output):
    assert output(example.pubsub) == {
        "early": [f"bulletin {number}" for number in range(5)],
        "late": ["bulletin 1", "bulletin 2"],
        "hasty": ["bulletin 0"],
        "sport reached": 0,
    }


@pytest.mark.parametrize("pieces", [3, 20])
def test_the_early_reader_misses_nothing(example, output, pieces):
    seen = output(example.pubsub, pieces=pieces)
    assert seen["early"] == [f"bulletin {number}" for number in range(pieces)]
    assert seen["late"] == ["bulletin 1", "bulletin 2"]
