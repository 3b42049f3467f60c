"""One schedule, played by all three: who leads, who follows, and what comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality import SpecError, application, invariant
from duality.proof import Schedule, Setting
from duality.proof.case import Case
from duality.proof.trial import RUNTIMES

from . import samples

words = st.lists(st.integers(0, 4), max_size=40)


@settings(max_examples=30)
@given(words, st.sampled_from(RUNTIMES), st.sampled_from(["direct", "queued"]))
def test_whoever_leads_the_others_take_the_same_steps(word, leader, crossing):
    played = Case(samples.sound).play(Schedule.wrapped(word), Setting(crossing=crossing, leader=leader))
    assert played.found == ()
    assert [trial.on for trial in played.trials][0] == leader
    assert sorted(trial.on for trial in played.trials) == sorted(RUNTIMES)
    assert len({trial.word for trial in played.trials}) == 1
    assert played.setting.word == played.trials[0].word


@pytest.mark.parametrize("leader", RUNTIMES)
def test_any_of_the_three_may_be_made_again(leader):
    case = Case(samples.sound)
    for twice in range(3):
        assert case.play(Schedule.seeded(1), Setting(leader=leader), twice).found == ()


def test_a_finding_has_its_setting_and_its_line():
    setting = Setting({"tasks": 2}, leader="events")
    (found,) = Case(samples.racy).play(Schedule.round_robin(), setting).found
    assert found.setting.params == {"tasks": 2}
    assert found.setting.leader == "events"
    assert found.setting.word
    assert found.place.startswith(f"{samples.__file__}:")


def test_a_run_without_end_is_given_up():
    case = Case(samples.lonely, longest=50)
    (found,) = case.play(Schedule.fifo(), Setting({"how": "endless"})).found
    assert found.law == "starvation"
    assert len(found.setting.word) == 50
    assert len(found.trials[0].steps) == 49  # what the last one did cannot be told from what ending it did


def test_an_invariant_where_nobody_would_look_is_refused_by_the_first_run():
    class Astray:
        @invariant
        def held(self):
            return self.x

    samples.Astray = Astray
    Astray.__module__ = samples.__name__
    try:
        played = Case(samples.sound).play(Schedule.fifo(), Setting())
        assert "of a class that is no module" in str(played.trials[0].outcome["error"])
    finally:
        del samples.Astray


def test_parameters_that_are_not_known_are_refused():
    with pytest.raises(SpecError):
        Case(application(lambda: samples.sound.build())).graphs(nobody=1)
