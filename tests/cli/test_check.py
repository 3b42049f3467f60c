"""``check``: what held is said to hold, what was found is told in full, and nothing that was not run passes."""

import fcntl
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rich.console import Console

from duality.cli import findings, progress, verdicts
from duality.cli.checking import Asking
from duality.proof.checked import Asked, Checked
from duality.proof.verdict import LAWS, Finding, Progress, Setting, Verdict
from duality.spec.application import application
from tests.cli.conftest import command, environment
from tests.racy import racy

Invoke = Callable[..., Result]
Spec = Callable[..., Path]

# An assert says what the tasks thought they had seen to.
RACY = racy('assert left >= 0, f"overdrawn: {left}"')
SOUND = RACY.replace("@procedure\n    async def withdraw", "@entry\n    async def withdraw")
SOUND = SOUND.replace("application, fork", "application, entry, fork").replace("def racy", "def sound")
STUCK = """
from duality import Condition, application, entry, module, procedure
from attrs import field


@module
class Main:
    changed: Condition = field(factory=Condition)

    @entry
    async def main(self):
        while True:
            await self.changed.wait()


@application
def stuck():
    return Main()
"""


def rows(result: Result) -> dict[str, list[str]]:
    """The cells of every row of the table, by its name."""
    found = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in result.stdout.splitlines()]
    return {row[0]: row[1:] for row in found if row}


# -- what holds --------------------------------------------------------------------------------------------------------


def test_a_sound_spec_holds_and_every_law_is_named(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "sound.py")
    result = invoke("check", "sound.py", "--schedules", "30")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    said = rows(result)
    assert set(LAWS) <= set(said)
    assert said["L1"] == [LAWS["L1"], "✔ held"]
    assert said["assertion"][1] == "✔ held"
    assert said["invariant"][1] == "≈ none written"
    assert said["schedules"][0] == "30 of 30: 9 random, 9 pct, 6 round robin, 6 fifo"
    assert said["runs"][0].startswith("94, crossing direct and queued")  # 90, and every twentieth once more
    assert said["edges walked"][0].split()[0].isdigit()
    assert "\x1b" not in result.stdout


def test_the_parameters_of_the_application_are_options(invoke: Invoke, spec: Spec) -> None:
    spec(RACY, "racy.py")
    assert invoke("check", "racy.py", "--tasks", "1").exit_code == 0  # alone, nobody can be raced
    assert invoke("check", "racy.py", "--tasks", "2").exit_code == 1
    assert "no parameter --task; it has --tasks" in invoke("check", "racy.py", "--task", "2").stderr


def test_kinds_and_crossing_are_played_as_asked(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "sound.py")
    said = rows(invoke("check", "sound.py", "--kinds", "round-robin,fifo", "--crossing", "queued", "--schedules", "4"))
    assert said["schedules"][0] == "4 of 4: 2 round robin, 2 fifo"
    assert said["runs"][0] == "12, crossing queued"


def test_jobs_change_nothing_but_the_time(invoke: Invoke, spec: Spec) -> None:
    spec(RACY, "racy.py")
    one, two = (invoke("check", "racy.py", "--jobs", jobs) for jobs in (1, 2))
    assert one.exit_code == two.exit_code == 1
    assert one.stdout[one.stdout.index("\n\nassertion") :] == two.stdout[two.stdout.index("\n\nassertion") :]


# -- a finding ---------------------------------------------------------------------------------------------------------


def test_a_race_is_found_made_small_and_replayed_by_the_printed_command(invoke: Invoke, spec: Spec) -> None:
    spec(RACY, "racy.py")
    result = invoke("check", "racy.py")
    assert result.exit_code == 1, result.output
    assert "assertion: overdrawn: -6" in result.stdout
    assert "\nracy.py:26\n    26 |         assert left >= 0" in result.stdout
    shown = next(line for line in result.stdout.splitlines() if line.startswith("shown by:"))
    assert "tasks=2" in shown
    assert int(shown.partition("crossing direct, ")[2].split()[0]) <= 6
    command = result.stdout.partition("play it again:  duality ")[2].split()
    again = invoke(*command)
    assert again.exit_code == 1, again.output
    assert "3 runs of one schedule" in again.stdout
    assert "assertion: overdrawn: -6" in again.stdout


def test_a_finding_that_is_allowed_is_counted(invoke: Invoke, spec: Spec) -> None:
    spec(STUCK, "stuck.py")
    found = rows(invoke("check", "stuck.py", "--schedules", "6"))
    law = next(name for name, cells in found.items() if cells[-1:] == ["✘ broken"])
    result = invoke("check", "stuck.py", "--schedules", "6", "--allow", law.replace(" ", "-"))
    assert result.exit_code == 0, result.output
    assert rows(result)[law][-1] == "≈ allowed, 6 times"
    other = invoke("check", "stuck.py", "--schedules", "6", "--allow", f"another:{law}")
    assert other.exit_code == 1


def test_a_schedule_by_the_names_of_the_tasks(invoke: Invoke, spec: Spec) -> None:
    spec(RACY, "racy.py")
    result = invoke("check", "racy.py", "--tasks", "2", "--schedule", "0, 0.1, 0.2")
    assert result.exit_code == 1
    assert "assertion: overdrawn: -6" in result.stdout
    assert "crossing direct and queued" in result.stdout
    held = invoke("check", "racy.py", "--tasks", "2", "--schedule", "0,0.1,0.1")
    assert held.exit_code == 0
    assert "every law held" in held.stdout


# -- many --------------------------------------------------------------------------------------------------------------


def test_every_spec_of_a_folder_has_a_line_and_the_sum_is_told(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "all/sound.py")
    spec(RACY, "all/deep/racy.py")
    spec("x = 1\n", "all/no_spec.py")
    spec(SOUND, "all/.hidden/sound.py")
    result = invoke("check", "all", "--schedules", "12")
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("✔ all/sound.py:sound  12 schedules")
    assert lines[1] == "✘ all/deep/racy.py:racy  assertion"
    assert lines[-1].startswith("2 applications: 1 held, 1 with a finding; ")


def test_what_cannot_be_checked_in_a_folder_is_told_and_is_status_2(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "all/sound.py")
    spec("def broken(:\n", "all/broken.py")
    spec(SOUND.replace("tasks: int = 4", "tasks: int"), "all/needy.py")
    result = invoke("check", "all", "--schedules", "2")
    assert result.exit_code == 2
    assert "✘ all/broken.py  not checked\nall/broken.py:1: this is no Python" in result.stdout
    assert "application sound needs a value for --tasks; check it alone" in result.stdout
    assert "3 applications: 1 held, 2 not checked" in result.stdout


def test_several_files_are_checked_one_after_the_other(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "sound.py")
    spec(SOUND, "other.py")
    result = invoke("check", "sound.py", "other.py", "--schedules", "2")
    assert result.exit_code == 0, result.output
    assert "2 applications: 2 held" in result.stdout


# -- all schedules -----------------------------------------------------------------------------------------------------


def test_all_schedules_of_a_small_spec_prove_it(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "sound.py")
    result = invoke("check", "sound.py", "--tasks", "2", "--schedules", "4", "--exhaustive")
    assert result.exit_code == 0, result.output
    said = rows(result)
    assert said["L6"][-1] == "✔ proved"
    assert re.search(r"oracle, direct: \d+ run of \d+; outcomes: 1, deadlocks: 0", result.stdout)
    assert rows(invoke("check", "sound.py", "--schedules", "4"))["L6"][-1] == "≈ not explored"


def test_an_exploration_finds_what_a_few_schedules_did_not(invoke: Invoke, spec: Spec) -> None:
    spec(RACY, "racy.py")
    few = ("check", "racy.py", "--tasks", "2", "--kinds", "random", "--schedules", "1")
    assert invoke(*few).exit_code == 0
    result = invoke(*few, "--exhaustive", "--report", "law.json")
    assert result.exit_code == 1, result.output
    assert "assertion: overdrawn: -6" in result.stdout
    counts = json.loads(Path("law.json").read_text())["checks"][0]["explored"]
    assert set(counts) == {"oracle, direct", "threads, direct", "events, direct"}
    assert {one["outcomes"] for one in counts.values()} == {2}


SELDOM = """
from duality import application, fork, invariant, join, module, procedure, yield_now


@module
class Sides:
    left: int = 0
    right: int = 0

    @invariant
    def near(self):
        return self.left - self.right < BOUND

    @procedure
    async def lefts(self):
        self.left += 1
        await yield_now()
        self.left += 1

    @procedure
    async def rights(self):
        self.right += 1

    @procedure
    async def main(self):
        for task in [fork(self.rights), fork(self.lefts)]:
            await join(task)


@application
def sides():
    return Sides()
"""


def test_an_invariant_is_asked_in_all_schedules_and_what_breaks_it_is_made_small_and_played_again(
    invoke: Invoke, spec: Spec
) -> None:
    spec(SELDOM.replace("BOUND", "2"), "sides.py")
    few = ("check", "sides.py", "--kinds", "fifo", "--schedules", "1")
    assert rows(invoke(*few))["invariant"][-1] == "✔ held"
    result = invoke(*few, "--exhaustive")
    assert result.exit_code == 1, result.output
    assert rows(result)["invariant"][-1] == "✘ broken"
    assert "invariant: Sides.near is broken" in result.stdout
    assert re.search(r"events, direct: \d+ run of \d+; .*invariants broken: 1 of 1", result.stdout)
    again = invoke("check", "sides.py:sides", "--replay", "sides.replay.json")
    assert again.exit_code == 1
    assert "Sides.near is broken" in again.stdout
    allowed = invoke(*few, "--exhaustive", "--allow", "invariant")
    assert (allowed.exit_code, rows(allowed)["invariant"][-1]) == (0, "≈ broken in some schedules")


def test_an_invariant_that_holds_in_all_schedules_is_said_to(invoke: Invoke, spec: Spec) -> None:
    spec(SELDOM.replace("BOUND", "3"), "sides.py")
    few = ("check", "sides.py", "--kinds", "fifo", "--schedules", "1")
    result = invoke(*few, "--exhaustive")
    assert rows(result)["invariant"][-1] == "✔ held in all schedules"
    assert "invariants broken: 0 of 1" in result.stdout
    assert rows(invoke(*few, "--exhaustive", "--depth", "3"))["invariant"][-1] == "✔ held"


def test_a_bound_that_cut_it_short_is_said(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "sound.py")
    result = invoke("check", "sound.py", "--schedules", "2", "--exhaustive", "--depth", "3")
    assert rows(result)["L6"][-1] == "≈ to 3 steps, not proved"
    assert invoke("check", "sound.py", "--depth", "3").exit_code != 0


# -- the report --------------------------------------------------------------------------------------------------------


def test_the_report_says_what_was_run(invoke: Invoke, spec: Spec) -> None:
    spec(SOUND, "all/sound.py")
    spec(RACY, "all/racy.py")
    assert invoke("check", "all", "--schedules", "12", "--report", "law.json").exit_code == 1
    report = json.loads(Path("law.json").read_text())
    racy, sound = report["checks"]
    assert [racy["application"], sound["application"]] == ["racy", "sound"]
    assert sound["schedules"] == {"played": 12, "by kind": {"random": 3, "pct": 3, "round robin": 3, "fifo": 3}}
    assert len(sound["edges"]["never"]) == sound["edges"]["of"] - sound["edges"]["walked"]
    assert racy["finding"]["law"] == "assertion"
    assert racy["finding"]["replay"] == "racy.replay.json"
    assert report["totals"]["findings"] == 1


# -- bad input ---------------------------------------------------------------------------------------------------------

NO_MAIN = SOUND.replace("async def main", "async def other")
INVARIANT = "@invariant\n    async def sane(self):\n        await yield_now()\n        return True\n\n    @entry"
BLOCKING = SOUND.replace("application, entry", "application, invariant, entry").replace("@entry", INVARIANT, 1)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (NO_MAIN, [], r"sound\.py:29: application sound must return a module that has a procedure `main`"),
        (BLOCKING, [], r"sound\.py:\d+: @invariant on Account\.sane, which is an `async def`"),
        (SOUND, ["--schedule", "0,0.1,0.9"], r"step 2 names task 0\.9, which is not ready; the step offers 0"),
        (SOUND, ["--schedules", "0"], "'--schedules': 0 is not in the range"),
        (SOUND, ["--kinds", "lucky"], "--kinds: 'lucky' is no kind of schedule; there are random, pct"),
        (SOUND, ["--kinds", ""], "--kinds: '' is no kind of schedule"),
        (SOUND, ["--allow", "L1"], "--allow: 'L1' is not what may be allowed"),
        (SOUND, ["--faults", "pigs fly"], "--faults: line 1: 'pigs fly'"),
        (SOUND, ["--faults", "@none.txt"], "none.txt: --faults: no such file or directory"),
        (SOUND, ["--report", "no/where.json"], "no/where.json: --report: cannot be written: no such file"),
        (SOUND, ["--replay", "none.json"], "none.json: cannot be read: No such file or directory."),
        (SOUND, ["no/such/folder"], "no/such/folder: there is no such file or folder."),
    ],
)
def test_bad_input_is_told_in_one_sentence_with_status_2(
    duality: Callable[..., Any], spec: Spec, text: str, arguments: list[str], said: str
) -> None:
    spec(text, "sound.py")
    ended = duality("check", "sound.py", *arguments)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert re.search(said, ended.stderr), ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_without_a_spec_fails(invoke: Invoke, spec: Spec) -> None:
    spec("x = 1\n", "all/no_spec.py")
    result = invoke("check", "all")
    assert result.exit_code != 0
    assert "there is no spec in all" in str(result.exception) + result.output


def test_a_replay_of_a_spec_that_has_changed_since_is_refused(duality: Callable[..., Any], spec: Spec) -> None:
    path = spec(RACY, "racy.py")
    assert duality("check", "racy.py").returncode == 1
    path.write_text(RACY.replace("balance: int = 10", "balance: int = 11"))
    ended = duality("check", "racy.py", "--replay", "racy.replay.json")
    assert ended.returncode == 2
    assert "racy.py has changed since racy.replay.json was written: its choices mean nothing now." in ended.stderr
    assert "Traceback" not in ended.stderr
    path.write_text(RACY + "\n\n@application\ndef other():\n    return Main(Account(), 1)\n")
    ended = duality("check", "racy.py:other", "--replay", "racy.replay.json")
    assert (ended.returncode, ended.stderr) == (2, "racy.replay.json: this is a replay of racy, not of other.\n")


def test_a_replay_that_chooses_a_task_that_is_not_ready_is_refused(duality: Callable[..., Any], spec: Spec) -> None:
    spec(RACY, "racy.py")
    assert duality("check", "racy.py", "--tasks", "2").returncode == 1
    path = spec().parent / "racy.replay.json"
    data = json.loads(path.read_text())
    data["setting"]["word"][2] = 5
    path.write_text(json.dumps(data))
    ended = duality("check", "racy.py", "--replay", "racy.replay.json")
    assert ended.returncode == 2, ended.stdout
    assert re.fullmatch(r"racy.replay.json: step 2 offers [\d., ]+, and choice 5 is none of them\.\n", ended.stderr)


def test_options_that_say_nothing_together_are_refused(duality: Callable[..., Any], spec: Spec) -> None:
    spec(SOUND, "sound.py")
    for arguments in (["--replay", "a", "--schedule", "0"], ["--replay", "a", "--report", "b"]):
        ended = duality("check", "sound.py", *arguments)
        assert ended.returncode == 2
        assert ended.stderr.startswith("duality check: --replay")


# -- an interrupt ------------------------------------------------------------------------------------------------------


# The spec interrupts the check that runs it, at a run of its own choice: so it is where we want it, and nobody waits.
STRUCK = """
import itertools
import os
import signal
from duality import application, module, procedure, yield_now

CHECKING = os.getpid()  # processes that help are forked off it
runs = itertools.count(1)


def strike():
    os.killpg(os.getpgid(CHECKING), signal.SIGINT)  # as a terminal does: whoever checks, and whoever helps


@module
class Main:
    size: int

    @procedure
    async def main(self):
        await yield_now()
        number = next(runs)
        {body}


@application
def struck(size: int = 3):
    return Main(size)
"""
IN_A_RUN = STRUCK.format(
    body="""try:
            if number == 40:
                strike()
        except BaseException:
            pass  # whatever is made of it
        await yield_now()"""
)
WHILE_SHRINKING = STRUCK.format(
    body="""if number == 8:
            strike()
        assert number < 0"""
)
IN_A_LOOP = STRUCK.format(
    body="""while number == 40:
            strike()
            number += 0"""
)
AT_ONCE = STRUCK.format(body="strike()")


def interrupted(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command, to its end, in a group of processes of its own, which does not ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.run(
            command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False,
            start_new_session=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("text", [IN_A_RUN, IN_A_LOOP])
def test_an_interrupt_in_a_run_says_how_far_it_got(spec: Spec, tmp_path: Path, text: str, jobs: str) -> None:
    spec(text, "struck.py")
    ended = interrupted(tmp_path, "check", "struck.py", "--schedules", "1000000", "--jobs", jobs)
    assert ended.returncode == 130, ended.stderr
    said = r"interrupted (before the first schedule was done|after \d+ of 1,000,000 .*: nothing was found in them)\.\n+"
    assert re.fullmatch(said, ended.stderr), ended.stderr
    if jobs == "1":
        assert "after 12 of" in ended.stderr  # 3 runs of each, one of a pilot for either crossing, and one made twice
    assert ended.stdout == ""


def test_an_interrupt_before_anything_was_done_says_so(spec: Spec, tmp_path: Path) -> None:
    spec(AT_ONCE, "struck.py")
    ended = interrupted(tmp_path, "check", "struck.py")
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr.rstrip("\n") == "interrupted before the first schedule was done."


def test_an_interrupt_while_a_finding_is_made_small_keeps_the_finding(spec: Spec, tmp_path: Path) -> None:
    spec(WHILE_SHRINKING, "struck.py")
    ended = interrupted(tmp_path, "check", "struck.py", "--report", "law.json")
    assert ended.returncode == 130, ended.stderr
    assert "an assert of the spec fails" in ended.stdout
    assert "--replay struck.replay.json" in ended.stdout
    said = r"interrupted after 1 of 100 .*: what was found is told above, as small as it had become\.\n+"
    assert re.fullmatch(said, ended.stderr), ended.stderr
    assert json.loads((tmp_path / "struck.replay.json").read_text())["finding"]["law"] == "assertion"
    report = json.loads((tmp_path / "law.json").read_text())
    assert report["checks"][0]["finding"]["law"] == "assertion"


def test_of_several_the_one_that_was_interrupted_is_told_and_those_before(spec: Spec, tmp_path: Path) -> None:
    spec(SOUND, "all/a.py")
    spec(IN_A_RUN, "all/b.py")
    ended = interrupted(tmp_path, "check", "all", "--schedules", "30")
    assert ended.returncode == 130
    assert ended.stdout.startswith("✔ all/a.py:sound  30 schedules")
    assert re.search(r"interrupted after \d+ of 30 .*; 1 application was checked before\.\n", ended.stderr)


def test_an_exploration_is_interrupted(spec: Spec, tmp_path: Path) -> None:
    spec(IN_A_RUN.replace("40", "13"), "struck.py")
    ended = interrupted(tmp_path, "check", "struck.py", "--schedules", "4", "--kinds", "fifo", "--exhaustive")
    assert (ended.returncode, ended.stdout) == (130, "")
    assert "interrupted after 4 of 4 schedules" in ended.stderr


# -- a step without an end ---------------------------------------------------------------------------------------------

ENDLESS = STRUCK.format(body="while self.size:\n            number += 1")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_step_that_does_not_end_is_found_and_its_replay_shows_it(spec: Spec, tmp_path: Path, jobs: str) -> None:
    spec(ENDLESS, "endless.py")
    ended = interrupted(tmp_path, "check", "endless.py", "--stall", "0.3", "--jobs", jobs)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "stall: Main.main has run for 0.3 s and come to no rest, in step 1" in ended.stdout
    assert re.search(r"endless\.py:2\d\n +2\d \| +(while self.size:|number \+= 1)\n", ended.stdout)
    again = interrupted(tmp_path, "check", "endless.py", "--replay", "struck.replay.json", "--stall", "0.3")
    assert again.returncode == 1
    assert "it shows again" in again.stdout
    held = interrupted(tmp_path, "check", "endless.py", "--size", "0", "--stall", "0.3", "--schedules", "3")
    assert held.returncode == 0, held.stdout


def test_a_bound_of_no_seconds_is_refused(duality: Callable[..., Any], spec: Spec) -> None:
    spec(SOUND, "sound.py")
    ended = duality("check", "sound.py", "--stall", "0")
    assert ended.returncode == 2
    assert "'--stall': 0.0 is not in the range" in ended.stderr


# -- screens -----------------------------------------------------------------------------------------------------------


def test_on_a_terminal_of_80_columns_nothing_is_wider(spec: Spec, tmp_path: Path) -> None:
    spec(RACY, "racy.py")
    shown = terminal(tmp_path, 80, "check", "racy.py")
    assert "racy" in shown
    lines = [line for line in plain(shown).splitlines() if not line.startswith("play it again")]
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    assert "schedules" in plain(shown)


def test_the_bar_shows_rate_and_edges() -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    console = Console(file=terminal, width=80, force_terminal=True, record=True)
    watch = progress.Watch(console)
    with watch.over("racy", 100):
        watch(Progress(40, 100, 123.4, 5, 9, 0.3))
        watch.bar.refresh()
    assert "40 of 100 123/s  5/9 edges" in console.export_text()


def test_no_bar_is_drawn_into_a_file_though_colours_be_forced(
    duality: Callable[..., Any], spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    spec(SOUND, "sound.py")
    ended = duality("check", "sound.py", "--schedules", "20")
    assert ended.stderr == ""
    assert "\x1b[" in ended.stdout


def terminal(folder: Path, width: int, *arguments: str) -> str:
    """What the command writes to a terminal of that width."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    env = {name: value for name, value in environment().items() if name not in ("COLUMNS", "LINES")}
    env |= {"TERM": "xterm"}
    process = subprocess.Popen(command(*arguments), cwd=folder, env=env, stdout=there, stderr=there)
    os.close(there)
    parts = []
    try:
        while part := os.read(here, 65536):
            parts.append(part)
    except OSError:
        pass  # the other end is gone
    os.close(here)
    process.wait(timeout=60)
    return b"".join(parts).decode()


def plain(shown: str) -> str:
    """Without colours, and without what was drawn over."""
    lines = shown.replace("\r\n", "\n").split("\n")
    return "\n".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line.rpartition("\r")[2]) for line in lines)


# -- the pieces --------------------------------------------------------------------------------------------------------


def test_a_law_that_was_broken_leaves_the_others_held_so_far() -> None:
    verdict = Verdict(1, 3, 9, 0.5, 1, 2, finding=Finding("L2", "the runs end differently"))
    assert verdicts._held("L2", verdict, {}).plain == "✘ broken"
    assert verdicts._held("L1", verdict, {}).plain == "✔ held so far"


def test_a_long_word_is_counted_and_a_short_one_shown() -> None:
    assert findings.settings(Setting({"n": 2}, word=(0, 1))) == "n=2, crossing direct, 2 choices 0 1"
    assert findings.settings(Setting(word=(0,) * 50, faults="x")) == "crossing direct, 50 choices, faults 'x'"


def test_allowances_are_of_an_application_or_of_all() -> None:
    options = {"schedules": 5, "seed": 1, "kinds": None, "crossing": "direct", "starve": 9, "jobs": 1, "faults": None}
    options |= {"exhaustive": False, "on": None, "depth": None, "stall": 20.0}
    options["allow"] = ("deadlock", "shop:leak")
    asking = Asking.of(options)
    assert asking.of_app("shop").allow == ("deadlock", "leak")
    assert asking.of_app("other").allow == ("deadlock",)


def test_a_line_of_a_check_names_what_was_allowed() -> None:
    app = application(lambda: None)
    verdict = Verdict(4, 12, 9, 0.5, 1, 2, allowed={"deadlock": 4})
    one = Checked("a.py", app, Asked(4, 0, ("fifo",), ("direct",)), verdict, wall=0.5)
    assert verdicts.line(one).plain.endswith("4 schedules  1/2 edges  500 ms  deadlock 4x, allowed")
