"""What is found is made small, shows the same as before, and shows it again."""

import pytest

from duality import application
from duality.core.io.simulated import SimulatedIO
from duality.core.io.simulated.faults import Faults
from duality.events import runtime as events
from duality.proof import Schedule, Setting, check
from duality.proof.case import Case
from duality.proof.ends import findings
from duality.proof.shrink import shrunk, size_of
from duality.proof.smaller import trimmed
from tests.examples.conftest import load

from . import samples


@pytest.mark.parametrize("seed", range(3))
def test_a_lost_update_shrinks_to_six_steps(seed):
    found = check(samples.racy, seed=seed).finding
    (trial,) = found.trials
    assert len(trial.steps) <= 7  # the task that makes noise is forked, whatever the parameters
    assert found.setting.params["tasks"] == 2
    assert found.setting.params.get("noise", 3) <= 1
    assert found.setting.params["label"] == ""
    assert found.as_found.params == {}
    assert len(found.as_found.word) > len(found.setting.word)


@pytest.mark.parametrize("seed", range(3))
def test_the_racy_example_shrinks_to_six_steps_and_shows_itself_again(seed):
    app = load("racy_account").racy_account
    found = check(app, seed=seed).finding
    assert found.law == "invariant"
    assert len(found.trials[0].steps) <= 6
    assert found.setting.params == {"customers": 2}
    played = Case(app).play(Schedule.of(found.setting), found.setting)
    assert [one.law for one in played.found] == ["invariant"]
    assert played.trials[0].steps == found.trials[0].steps


def test_what_two_runtimes_differ_in_is_made_small_as_well(monkeypatch):
    made = events.Runtime.__init__

    def deaf(self, io, schedule, policy, crossing, recorder):
        made(self, io, schedule, policy, crossing, recorder)
        tell = recorder.effect
        recorder.effect = lambda what: None if what == "fork 0.2" else tell(what)

    monkeypatch.setattr(events.Runtime, "__init__", deaf)
    found = check(samples.racy, tasks=9, noise=9, schedules=30, allow=["assertion"]).finding
    assert found.law == "L1"
    assert found.step == 0
    assert found.setting.params == {"tasks": 1, "noise": 0, "label": ""}
    assert trimmed(found.setting.word) == ()


def test_faults_that_do_not_matter_are_left_out():
    said = "at 0 s: fail read_file of /b with EIO", "at 0 s: fail read_file of /a with EIO", "from 5 s: fill the disk"
    io = SimulatedIO(3, faults=Faults.parse("\n".join(said)), files={"/a": b"x"})
    found = check(samples.reader, io=io, schedules=5).finding
    assert found.law == "error"
    assert "OSError: [Errno 5]" in found.said
    assert found.as_found.faults == "\n".join(said)
    assert found.setting.faults == said[1]
    assert check(samples.reader, io=SimulatedIO(3, files={"/a": b"x"}), schedules=5)


def test_a_bound_on_runs_ends_it():
    case = Case(samples.racy)
    setting = Setting({"tasks": 3})
    leader, _ = case.lead(Schedule.round_robin(), setting)
    (found,) = (case.placed(one, Setting({"tasks": 3}, word=leader.word)) for one in findings(leader))
    same, _ = shrunk(case, found, runs=0)
    assert same.setting == same.as_found == found.setting
    before, (small, interrupted) = size_of(found, {"tasks": 3}), shrunk(case, found, runs=200)
    assert not interrupted
    assert size_of(small, small.setting.params) < before


def test_who_waits_for_himself_is_no_small_circle():
    app = load("dining_philosophers").deadlocking
    found = check(app).finding
    assert found.law == "deadlock"
    assert "waits for itself" not in found.said


def test_what_no_run_shows_or_not_reliably_stays_as_it_is():
    found = check(samples.lonely, how="chance").finding
    assert found.law == "nondeterminism"
    assert found.as_found is None


def test_parameters_that_the_application_refuses_are_not_tried_for_long():
    app = application(lambda size=5: samples.racy.build(tasks=6 // (size - 2)))
    found = check(app).finding
    assert found.law == "assertion"
    assert found.setting.params.get("size", 5) in (3, 4, 5)
