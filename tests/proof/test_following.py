"""Who follows makes the leader's choices, and stops where anything else is offered."""

import pytest

from duality.core.recorder import Step
from duality.graph import BlockingGraph
from duality.proof import Schedule, Setting
from duality.proof.case import Case
from duality.proof.following import Parted, following, unfinished
from duality.proof.trial import Trial

from . import samples

STEPS = (Step(("0",), "0"), Step(("0", "0.1"), "0.1"))


def leader(word=(0, 1)):
    return Trial("oracle", STEPS, {}, BlockingGraph(), (), word)


def test_the_same_choices_as_long_as_the_same_is_offered():
    schedule = following(leader())
    assert [schedule.choose(("0",)), schedule.choose(("0", "0.1"))] == [0, 1]
    with pytest.raises(Parted, match="step 2 offers 0, where the run had ended"):
        schedule.choose(("0",))


def test_anything_else_that_is_offered_is_told():
    schedule = following(leader())
    with pytest.raises(Parted, match=r"step 0 offers 0\.1, where 0 had been offered") as told:
        schedule.choose(("0.1",))
    assert (told.value.step, told.value.offered, told.value.expected) == (0, ("0.1",), ("0",))


def test_the_choice_behind_the_last_step_is_made_as_well():
    """A watcher that stops a run does so when the next choice has been made."""
    schedule = following(leader((0, 1, 0)))
    for offered in (("0",), ("0", "0.1"), ("0", "0.1")):
        schedule.choose(offered)
    assert schedule.word == [0, 1, 0]


def test_a_run_that_breaks_off_is_kept_as_far_as_it_came(on):
    case, setting = Case(samples.racy), Setting(leader=on)
    whole = case.run(on, Schedule.round_robin(), setting)
    short = Trial(on, whole.steps[:5], {}, whole.walked, (), whole.word[:5])
    cut = case.cut(on, following(short), setting)
    assert cut.steps[:5] == whole.steps[:5]
    assert cut.steps[5] == Step(whole.steps[5].offered, whole.steps[5].offered[0])
    assert len(cut.steps) == 6
    assert "step 5 offers" in cut.outcome["cut"]


def test_a_run_that_does_not_break_off_is_as_it_is(on):
    case, setting = Case(samples.racy), Setting(leader=on)
    whole = case.run(on, Schedule.round_robin(), setting)
    again = unfinished(on, following(whole), lambda told, keep: case.run(on, told, setting, [keep]))
    assert again == whole
