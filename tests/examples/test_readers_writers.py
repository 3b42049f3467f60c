"""Nobody reads while somebody writes, several read at once, everyone gets a turn."""

import pytest


def test_no_read_is_torn_and_readers_share(example, output):
    assert output(example.readers_writers) == {"torn": 0, "debit": 30, "credit": 30, "readers at once": 4}


@pytest.mark.parametrize(("readers", "writers", "rounds"), [(1, 1, 1), (7, 1, 3), (1, 7, 3), (5, 5, 10)])
def test_every_amount_is_entered_on_both_sides(example, output, readers, writers, rounds):
    done = output(example.readers_writers, readers=readers, writers=writers, rounds=rounds)
    total = writers * sum(range(1, rounds + 1))
    assert (done["torn"], done["debit"], done["credit"]) == (0, total, total)
    assert 1 <= done["readers at once"] <= readers


def test_with_no_writer_all_readers_are_in_at_once(example, output):
    assert output(example.readers_writers, writers=0, readers=3)["readers at once"] == 3
