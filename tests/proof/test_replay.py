"""A finding is written down, and played again; what has changed since is told."""

import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality import application
from duality.core.io.simulated import SimulatedIO
from duality.proof import ReplayError, Schedule, Setting, check, replay
from duality.proof.case import Case
from duality.proof.paper import told, write
from duality.proof.replay import read
from duality.proof.sources import load
from duality.proof.verdict import Finding

from . import samples


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    """A folder with a spec, and with a finding that was written down beside it."""
    folder = tmp_path_factory.mktemp("master")
    shutil.copy(Path(__file__).parents[2] / "examples" / "racy_account.py", folder)
    first = check(load(str(folder / "racy_account.py"), "racy_account"), replay=str(folder / "found.json"))
    sys.path.remove(str(folder))
    return folder, first


@pytest.fixture
def written(master, tmp_path):
    """The file, its application, and the verdict that it was written for."""
    folder = tmp_path / "some where"
    shutil.copytree(master[0], folder)
    app = load(str(folder / "racy_account.py"), "racy_account")
    yield folder / "found.json", app, master[1]
    sys.path.remove(str(folder))


def test_a_finding_is_found_again(written):
    path, app, first = written
    for verdict in (replay(path, app), replay(path), replay(str(path))):
        assert not verdict
        found = verdict.finding
        assert (found.law, found.step) == (first.finding.law, first.finding.step)
        assert found.setting == first.finding.setting
        assert found.trials[0].steps == first.finding.trials[0].steps
        assert str(path) in str(verdict)


def test_the_file_is_json_of_our_own(written):
    path, _, first = written
    data = json.loads(path.read_text())
    assert set(data) == {"replays", "format", "application", "versions", "io", "setting", "offered", "finding"}
    assert data["application"]["file"] == "racy_account.py"
    assert data["setting"]["word"] == list(first.finding.setting.word)
    assert data["offered"] == [told(step.offered) for step in first.finding.trials[0].steps]
    assert not list(path.parent.glob(".*"))


def test_the_folder_may_move(written, tmp_path):
    path, _, _ = written
    moved = shutil.copytree(path.parent, tmp_path / "elsewhere")
    shutil.rmtree(path.parent)
    assert replay(moved / "found.json").finding.law == "invariant"
    sys.path.remove(str(moved))


def test_a_spec_that_has_changed_is_refused(written):
    path, app, _ = written
    spec = path.parent / "racy_account.py"
    spec.write_text(spec.read_text() + "\n# a word more\n")
    for how in ((path,), (path, app)):
        with pytest.raises(ReplayError, match=r"racy_account\.py has changed since .*found\.json was written"):
            replay(*how)
    spec.unlink()
    with pytest.raises(ReplayError, match="is not there any more"):
        replay(path)


def test_a_replay_of_another_application_is_refused(written):
    with pytest.raises(ReplayError, match="a replay of racy_account, not of sound"):
        replay(written[0], samples.sound)


def altered(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    return path


def test_another_choice_offered_is_told_with_its_step(written):
    path, app, _ = written
    altered(path, lambda data: data["offered"].__setitem__(2, "00000000"))
    found = replay(path, app).finding
    assert (found.law, found.step) == ("nondeterminism", 2)
    assert "uncontrolled nondeterminism at step 2: it offers 0 0.1" in found.said


def test_a_run_that_goes_on_is_told(written):
    path, app, _ = written
    altered(path, lambda data: (data["setting"].update(word=[0, 0]), data.update(offered=data["offered"][:2])))
    found = replay(path, app).finding
    assert (found.law, found.step) == ("nondeterminism", 2)
    assert "the run goes on" in found.said


def test_what_does_not_show_any_more_is_no_finding(written):
    path, app, _ = written
    case, setting = Case(app), Setting({"customers": 1})
    played = case.play(Schedule.fifo(), setting)
    quiet = write(path, case, Finding("invariant", "", trials=played.trials[:1], setting=played.setting))
    verdict = replay(quiet, app)
    assert verdict
    assert verdict.runs == 3


def test_a_file_that_is_none(tmp_path):
    path = tmp_path / "x.json"
    with pytest.raises(ReplayError, match=r"x\.json: cannot be read: No such file"):
        replay(path)
    for text, said in (
        ("{", "it is no JSON"),
        ("[]", "no replay file of a check"),
        ("{}", "no replay file of a check"),
    ):
        path.write_text(text)
        with pytest.raises(ReplayError, match=said):
            replay(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ReplayError, match="it is no JSON"):
        replay(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("setting"),
        lambda data: data["setting"].update(word="abc"),
        lambda data: data["setting"].update(word=[0, -1]),
        lambda data: data["setting"].update(word=[0] * 99),
        lambda data: data["setting"].update(leader="nobody"),
        lambda data: data["setting"].update(crossing=1),
        lambda data: data["setting"].update(params={"customers": {"odd": 1}}),
        lambda data: data["setting"].update(params=[1]),
        lambda data: data["finding"].update(law="L9"),
        lambda data: data.update(application=None),
        lambda data: data.update(offered=3),
    ],
)
def test_a_damaged_file_is_told_in_one_sentence(written, change):
    with pytest.raises(ReplayError, match="this replay file is damaged") as told_:
        replay(altered(written[0], change))
    assert "\n" not in str(told_.value)


def test_another_format_is_refused(written):
    with pytest.raises(ReplayError, match=r"written in format 99"):
        replay(altered(written[0], lambda data: data.update(format=99)))


def test_a_value_that_no_file_can_hold(tmp_path):
    path = tmp_path / "x.json"
    app = application(lambda how=random.random: samples.racy.build())
    check(app, replay=str(path))
    replay(path, app)
    check(app, replay=str(path), how=random.random)
    with pytest.raises(ReplayError, match="no file can hold the value of parameter how, which was <built-in"):
        replay(path, app)


def test_the_settings_of_the_io_core_are_kept(tmp_path):
    path = tmp_path / "x.json"
    io = SimulatedIO(7, files={"/a": b"\x00\xff", "/b": None}, latency=(0.5, 0.5), hosts={"0.1": "there"})
    check(samples.racy, io=io, replay=str(path))
    assert read(path).io == {**io._settings, "faults": ""}
    assert replay(path, samples.racy).finding.law == "assertion"


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3), max_size=30))
def test_any_word_comes_back_and_plays_the_same_run(tmp_path_factory, word):
    path = tmp_path_factory.mktemp("word") / "x.json"
    case, setting = Case(samples.guarded), Setting(leader="threads")
    played = case.play(Schedule.wrapped(word), setting, rests=0)
    write(path, case, Finding("L1", "", trials=played.trials[:1], setting=played.setting))
    kept = read(path)
    assert kept.setting == played.setting
    assert Schedule.of(kept).source == Schedule.of(played.setting.word).source
    again = replay(path, samples.guarded)
    assert (again.finding and again.finding.law) == next((one.law for one in played.found), None)
    assert again.steps == sum(len(trial.steps) for trial in played.trials)
