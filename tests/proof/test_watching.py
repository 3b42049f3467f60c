"""Which I/O core a run is given: always a fresh one, with the faults of the setting."""

from duality.core.io.simulated import SimulatedIO
from duality.core.io.simulated.faults import Faults
from duality.proof import Setting
from duality.proof.watching import faults_of, fewer_faults, fresh_io, seed_of, watchers

SCRIPT = "at 1 s: heal\nat 2 s: interrupt"


def test_without_a_template_the_setting_decides():
    io = fresh_io(None, Setting(seed=5, faults=SCRIPT))
    assert io._settings["seed"] == 5
    assert faults_of(io) == SCRIPT
    assert faults_of(fresh_io(None, Setting())) == ""


def test_a_template_is_used_afresh():
    template = SimulatedIO(9, faults=Faults.parse(SCRIPT), capacity=3)
    for setting in (Setting(seed=1), Setting(faults=SCRIPT)):
        io = fresh_io(template, setting)
        assert io is not template
        assert io._settings == template._settings
    assert seed_of(template, 4) == 9
    assert seed_of(None, 4) == 4


def test_the_faults_of_the_setting_go_first():
    template = SimulatedIO(9, faults=Faults.parse(SCRIPT), capacity=3)
    io = fresh_io(template, Setting(faults="at 1 s: heal"))
    assert faults_of(io) == "at 1 s: heal"
    assert io._settings["capacity"] == 3
    assert faults_of(fresh_io(template, Setting(faults=""))) == ""


def test_one_fault_less():
    assert fewer_faults(SCRIPT) == ["at 2 s: interrupt", "at 1 s: heal"]


def test_who_looks_on():
    names = [type(one).__name__ for one in watchers(10, True)]
    assert names == ["Invariants", "Starvation", "Watch"]
    assert [type(one).__name__ for one in watchers(10, False, looks=False)] == ["Starvation"]
