"""Which runtime a run gets: one that has made a run of its own kind and ended well, or else a fresh one.

That a used runtime makes the very same run is tested in ``tests/core/test_again.py``.
"""

import pytest
from attrs import evolve

from duality.core.io.simulated import SimulatedIO
from duality.proof import Schedule
from duality.proof.stages import Stages
from duality.proof.trial import RUNTIMES
from duality.proof.verdict import Setting
from tests.proof import samples
from tests.virtual import VirtualIO

SETTING = Setting(seed=1)


def play(stages, on, setting=SETTING, app=samples.sound, **params):
    """The runtime that the run was made on, and the run."""
    used, take = [], stages.take

    def taken(*asked):
        used.append(take(*asked))
        return used[-1]

    stages.take = taken
    try:
        return used, stages.play(lambda: app.build(**params), on, Schedule.seeded(setting.seed), setting, ())
    finally:
        del stages.take


@pytest.mark.parametrize("on", RUNTIMES)
def test_one_that_ended_well_makes_the_next_run_of_its_kind(on):
    stages, asked = Stages(None), {"app": samples.racy, "tasks": 1}
    (first,), one = play(stages, on, **asked)
    (second,), other = play(stages, on, evolve(SETTING, seed=2), **asked)
    assert first is second
    assert other == play(Stages(None), on, evolve(SETTING, seed=2), **asked)[1]
    assert other.word != one.word
    assert (one.on, other.on) == (on, on)
    assert one.outcome["value"] == other.outcome["value"] == "'long enough'"


@pytest.mark.parametrize("change", [{"crossing": "queued"}, {"faults": "at 99 s: heal"}, {"faults": ""}])
def test_another_crossing_or_other_faults_are_another_kind(change):
    stages = Stages(None)
    (first,), _ = play(stages, "events")
    (second,), _ = play(stages, "events", evolve(SETTING, **change))
    (third,), _ = play(stages, "events")
    assert first is not second
    assert first is third


def test_each_side_has_its_own():
    stages = Stages(None)
    used = [play(stages, on)[0][0] for on in RUNTIMES]
    assert len({type(one).__module__ for one in used}) == 3
    assert [play(stages, on)[0][0] for on in RUNTIMES] == used


def test_one_that_is_in_use_is_given_to_nobody_else():
    stages = Stages(None)
    play(stages, "threads")
    first = stages.take("threads", Schedule.fifo(), SETTING)
    second = stages.take("threads", Schedule.fifo(), SETTING)
    assert first is not second


@pytest.mark.parametrize("how", ["error", "deadlock", "leak"])
def test_a_run_that_did_not_end_well_leaves_none(how):
    stages = Stages(None)
    play(stages, "events", app=samples.lonely, how=how)
    assert stages.free == {}


def test_the_seed_is_the_templates_where_there_is_one():
    for stages, seeds in ((Stages(SimulatedIO(5)), (5, 5)), (Stages(None), (1, 9))):
        (first,), _ = play(stages, "oracle")
        assert first.io.settings["seed"] == seeds[0]
        second = stages.take("oracle", Schedule.fifo(), evolve(SETTING, seed=9))
        assert second is first
        assert second.io.settings["seed"] == seeds[1]


def test_another_io_core_is_fresh_every_time():
    class Core(VirtualIO):
        def again(self):
            return Core()

    stages = Stages(Core())
    (first,), one = play(stages, "threads")
    (second,), _ = play(stages, "threads")
    assert "value" in one.outcome
    assert first is not second
    assert first.io is not second.io
