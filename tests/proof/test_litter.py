"""When the collector looks is changed while many runs are made; not what it finds, nor anything for good."""

import gc

import pytest

from duality.proof import check
from duality.proof.litter import BETWEEN, WITHIN, swept
from tests.proof import samples


@pytest.fixture(autouse=True)
def _as_it_was():
    before, on = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*before)
    gc.enable() if on else gc.disable()
    gc.unfreeze()


class Ring:
    freed = 0

    def __init__(self):
        self.itself = self

    def __del__(self):
        Ring.freed += 1


def test_it_looks_between_two_runs_if_there_is_enough_to_find():
    with swept() as sweep:
        Ring.freed = 0
        for _ in range(10):
            Ring()
        sweep()
        assert Ring.freed == 0  # not worth it
        for _ in range(BETWEEN + 1):
            Ring()
        assert Ring.freed == 0
        sweep()
        assert Ring.freed == BETWEEN + 11


def test_it_looks_within_a_run_that_litters_much():
    with swept():
        Ring.freed = 0
        for _ in range(WITHIN + 10):
            Ring()
        assert Ring.freed > 0


def test_afterwards_everything_is_as_it_was_also_after_an_error():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), swept():
        assert gc.get_threshold()[0] // 0
    assert (gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()) == (before, 0, True)
    check(samples.sound, schedules=12)
    assert (gc.get_threshold(), gc.get_freeze_count(), gc.isenabled()) == (before, 0, True)


@pytest.mark.parametrize(
    "decide", [gc.disable, gc.freeze, lambda: gc.set_threshold(0)], ids=["off", "set aside", "never"]
)
def test_who_has_decided_for_himself_is_left_alone(decide):
    decide()
    before = gc.get_threshold(), gc.get_freeze_count() > 0, gc.isenabled()
    with swept() as sweep:
        sweep()
        assert (gc.get_threshold(), gc.get_freeze_count() > 0, gc.isenabled()) == before
    assert (gc.get_threshold(), gc.get_freeze_count() > 0, gc.isenabled()) == before
