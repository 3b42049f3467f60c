"""A failed test kept and read back: its choices are given to the very call they were of, and to no other."""

import json
from types import SimpleNamespace

import pytest
from attrs import evolve

from duality.proof import ScheduleError
from duality.proof.driver import Driver
from duality.proof.retold import FOLDER, KIND, Retold, keep, read
from duality.proof.verdict import Finding
from tests.proof import samples

TEST = "test_cells.py::test_it[events]"


@pytest.fixture
def config(tmp_path):
    """What a pytest knows of where it is."""
    return SimpleNamespace(rootpath=tmp_path, cwd_relative_nodeid=lambda test: f"sub dir/{test}")


@pytest.fixture
def driver():
    """One that has made two runs of two applications."""
    made = Driver("events", count=7, seed=3)
    for _ in zip(range(6), made.schedules(), strict=False):
        pass
    assert made.turn.crossing == "queued"  # which is not what a setting has by itself
    made(samples.sound)
    made(samples.racy, tasks=1, noise=0)
    return made


def kept(driver, config):
    said = keep(driver, TEST, config)
    (path,) = (config.rootpath / FOLDER).glob("*.replay.json")
    return said, path


def test_what_is_read_is_what_was_kept(driver, config):
    _, path = kept(driver, config)
    back = read(path)
    assert (back.path, back.test) == (path, TEST)
    for number, call in enumerate(driver.calls):
        setting = back.call(number, call.app)
        assert setting == evolve(call.setting, params={})  # these the test gives again
        assert setting.leader == "events"
        assert setting.word
        assert all(type(choice) is int for choice in setting.word)
    assert back.calls[1]["params"] == {"tasks": "1", "noise": "0"}


def test_what_is_said_has_the_schedule_the_traces_and_a_command_for_a_shell(driver, config, monkeypatch):
    monkeypatch.chdir(config.rootpath)
    said, path = kept(driver, config)
    first, traces, replay = said.splitlines()
    words = [len(call.setting.word) for call in driver.calls]
    assert first == (
        f"schedule {driver.turn.number} of 7 ({driver.turn.kind}), led by events, "
        f"crossing {driver.turn.crossing}; choices made: {words[0]}, {words[1]}"
    )
    text = (config.rootpath / traces.removeprefix("trace:  ")).read_text()
    assert f"{samples.sound.name}: crossing=" in text
    assert f"{samples.racy.name}: tasks=1, noise=0, " in text
    assert "found: " not in text
    stem = "test_cells.py-test_it-events"
    assert path.name == f"{stem}.replay.json"
    assert replay == f"replay: pytest 'sub dir/{TEST}' --duality-replay {FOLDER}/{stem}.replay.json"
    assert (config.rootpath / FOLDER / ".gitignore").read_text() == "*\n"


def test_of_a_finding_both_traces_are_written(driver, config):
    one = driver.calls[-1]
    left, right = one.trials[:2]
    driver.calls.append(evolve(one, found=(Finding("L1", "they part", "spec.py:3", trials=(left, right)),)))
    _, path = kept(driver, config)
    text = path.with_name(path.name.replace(".replay.json", ".trace.txt")).read_text().rpartition("found: ")[2]
    assert text.startswith("spec.py:3: L1: they part")
    assert f"\n{left.on}\n{left}" in text
    assert f"\n{right.on}\n{right}" in text


def test_of_a_replay_no_schedule_is_counted_and_of_no_run_nothing_is_kept(driver, config):
    driver.replayed = Retold("some.json", TEST)
    assert kept(driver, config)[0].startswith("led by events, crossing ")
    assert keep(Driver("oracle"), TEST, config) == "duality_run was not called before the test failed."


@pytest.mark.parametrize("changed", ["one more", "another application", "its file"])
def test_choices_that_are_of_another_run_are_refused(driver, config, changed):
    _, path = kept(driver, config)
    back, number, app = read(path), 1, samples.racy
    if changed == "one more":
        number, said = 2, "has 2 runs, and this test makes one more"
    elif changed == "another application":
        app, said = samples.sound, f"run 1 was of {samples.racy.name}, and is of {samples.sound.name} now"
    else:
        back.calls[1]["source"], said = "0" * 16, "samples.py has changed since .* was written"
    with pytest.raises(ScheduleError, match=said):
        back.call(number, app)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"replays": "a finding of a check"}, "this is no replay file of a test"),
        ({"versions": {}}, "written by duality None"),
        ({"versions": {"compiler": "0"}}, "written by compiler 0; .* may offer other choices"),
    ],
)
def test_a_file_of_something_else_is_refused(driver, config, change, said):
    _, path = kept(driver, config)
    data = json.loads(path.read_text())
    assert data["replays"] == KIND
    versions = {**data["versions"], **change.get("versions", {})} if change.get("versions") else {}
    path.write_text(json.dumps({**data, **change, **({"versions": versions} if "versions" in change else {})}))
    with pytest.raises(ValueError, match=said) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ")


@pytest.mark.parametrize("data", [[], "text", 3, None])
def test_json_that_is_no_object_is_refused(tmp_path, data):
    (tmp_path / "it.json").write_text(json.dumps(data))
    with pytest.raises(ValueError, match="no replay file of a test"):
        read(tmp_path / "it.json")
