"""The pytest plugin, in sessions of pytest of their own: what is run, what fails, and what is said of it."""

import importlib.metadata
import json
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import duality
from tests.racy import racy

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[2]

SPEC = racy("return left", tasks=2)


@pytest.fixture
def session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with the spec ``racy.py``, and pytest with this plugin and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(racy=SPEC)
    pytester.makeini("[pytest]\naddopts = -p duality.proof.plugin --strict-markers\nfilterwarnings = error\n")
    return pytester


def test_a_test_runs_on_each_runtime(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        from racy import racy

        def test_value(duality_run):
            assert duality_run(racy) == -6
            assert duality_run(racy, tasks=1) == 2
        """
    )
    result = session.runpytest_subprocess("-v")
    result.assert_outcomes(passed=3)
    for side in ("threads", "events", "oracle"):
        result.stdout.fnmatch_lines([f"*test_value?{side}? PASSED*"])


def test_what_a_run_ends_with_is_raised_and_may_be_expected(session: pytest.Pytester) -> None:
    session.makepyfile(racy=racy('raise ValueError(f"overdrawn: {left}")'))
    session.makepyfile(
        """
        import pytest
        from racy import racy

        def test_error(duality_run):
            with pytest.raises(ValueError, match="overdrawn"):
                duality_run(racy)
        """
    )
    session.runpytest_subprocess().assert_outcomes(passed=3)


def test_the_mark_runs_the_test_once_for_each_schedule(session: pytest.Pytester) -> None:
    session.makepyfile(
        """
        import pytest
        from racy import racy

        values = {}

        @pytest.mark.schedules(40, seed=3)
        def test_values(duality_run):
            values.setdefault(duality_run.on, []).append(duality_run(racy))

        def test_all_were_run():
            assert {side: len(found) for side, found in values.items()} == dict.fromkeys(values, 40)
            assert values["threads"] == values["events"] == values["oracle"]
            assert set(values["oracle"]) == {2, -6}
        """
    )
    session.runpytest_subprocess().assert_outcomes(passed=4)
    session.runpytest_subprocess("--duality-schedules", "7").stdout.fnmatch_lines(
        ["E *'threads': 7} != {'threads': 40}"]
    )


def test_a_failure_says_with_which_schedule_and_the_printed_command_plays_it_again(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_racy="""
        import pytest
        from racy import racy

        calls = []

        @pytest.mark.schedules(100)
        def test_never_overdrawn(duality_run):
            calls.append(1)
            print("times called:", len(calls))
            assert duality_run(racy) >= 0
        """
    )
    result = session.runpytest_subprocess("-k", "events")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(
        ["*assert -6 >= 0*", "*- duality -*", "schedule * of 100 (*), led by events, crossing *"]
    )
    said = result.stdout.str()
    trace = said.partition("trace:  ")[2].splitlines()[0]
    assert "Account.withdraw" in (session.path / trace).read_text()
    assert (session.path / ".duality" / ".gitignore").read_text() == "*\n"
    _, node, option, path = said.partition("replay: ")[2].splitlines()[0].split()
    assert (node.strip("'"), option) == ("test_racy.py::test_never_overdrawn[events]", "--duality-replay")
    again = session.runpytest_subprocess(node.strip("'"), option, path)
    again.assert_outcomes(failed=1)
    again.stdout.fnmatch_lines(["*times called: 1", "*led by events, crossing *"])
    everything = session.runpytest_subprocess(option, path)  # only the test it is of, whatever else there is
    everything.assert_outcomes(failed=1, deselected=2)


def test_a_replay_of_a_spec_that_has_changed_is_refused(session: pytest.Pytester) -> None:
    session.makepyfile(
        test_racy="from racy import racy\ndef test_it(duality_run):\n    assert duality_run(racy) == 0\n"
    )
    session.runpytest_subprocess("-k", "oracle").assert_outcomes(failed=1, deselected=2)
    replay = next((session.path / ".duality").glob("*.json"))
    session.makepyfile(racy=SPEC.replace("balance: int = 10", "balance: int = 11"))
    result = session.runpytest_subprocess("--duality-replay", replay)
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*ScheduleError: *racy.py has changed since *.json was written*"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "*none.json: cannot be read: No such file or directory"),
        ("{", "*none.json: this is no replay file: it is no JSON"),
        ('{"replays": "a finding of a check"}', "*none.json: this is no replay file of a test*"),
        (json.dumps({"replays": "a test that failed", "versions": {"duality": "0"}}), "*written by duality 0; *"),
    ],
)
def test_a_bad_replay_file_is_told_before_anything_runs(
    session: pytest.Pytester, content: str | None, said: str
) -> None:
    if content is not None:
        (session.path / "none.json").write_text(content)
    result = session.runpytest_subprocess("--duality-replay", "none.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])


@pytest.mark.parametrize(
    ("mark", "fixture", "said"),
    [
        ("schedules(0)", "duality_run", "*write the mark as schedules(n, seed=0), with n at least 1*"),
        ("schedules()", "duality_run", "*write the mark as schedules(n, seed=0), with n at least 1*"),
        ("schedules(3, sead=1)", "duality_run", "*write the mark as schedules(n, seed=0), with n at least 1*"),
        ("schedules(3)", "tmp_path", "*the mark `schedules` is for tests that use duality_run*"),
    ],
)
def test_a_mark_that_says_nothing_is_refused(session: pytest.Pytester, mark: str, fixture: str, said: str) -> None:
    session.makepyfile(f"import pytest\n@pytest.mark.{mark}\ndef test_it({fixture}):\n    pass\n")
    result = session.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])


def test_a_test_that_asks_for_schedules_and_runs_nothing_fails(session: pytest.Pytester) -> None:
    session.makepyfile("import pytest\n@pytest.mark.schedules(3)\ndef test_it(duality_run):\n    pass\n")
    result = session.runpytest_subprocess()
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*has run nothing: it never calls duality_run*"])


def test_an_interrupt_in_a_run_ends_the_session(session: pytest.Pytester) -> None:
    session.makepyfile(
        racy=SPEC.replace("        left = ", "        os.kill(os.getpid(), signal.SIGINT)\n        left = ").replace(
            "from duality", "import os\nimport signal\nfrom duality", 1
        )
    )
    session.makepyfile("from racy import racy\ndef test_it(duality_run):\n    assert duality_run(racy) == 1\n")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs us may ignore it
    try:
        result = session.runpytest_subprocess()
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes()


TELLTALE = """
import greenlet
from duality import application, module, procedure, yield_now


@module
class Main:
    @procedure
    async def main(self):
        if greenlet.getcurrent().parent is not None:
            await yield_now()
        return 1


@application
def telltale():
    return Main()
"""


def test_runtimes_that_differ_fail_the_test_though_their_values_are_equal(session: pytest.Pytester) -> None:
    session.makepyfile(telltale=TELLTALE)
    session.makepyfile(
        "from telltale import telltale\ndef test_it(duality_run):\n    assert duality_run(telltale) == 1\n"
    )
    result = session.runpytest_subprocess()
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*LawBroken: *telltale.py:*: L1: *part at step *"])


def test_starting_pytest_imports_nothing_that_only_a_test_may_ask_for() -> None:
    names = ("hypothesis", "rich", "greenlet", "duality.cli", "duality.compiler.program", "duality.core.io.simulated")
    seen = (
        "import sys, duality.proof.plugin; print([name for name in sys.modules"
        f" if name in {names} or name.startswith('duality.proof.') and name != 'duality.proof.plugin'])"
    )
    ran = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (point,) = project["entry-points"]["pytest11"].items()
    found = importlib.metadata.EntryPoint(*point, "pytest11").load()
    assert hasattr(found, "duality_run")
    assert found.__name__ == "duality.proof.plugin"
    assert Path(found.__file__).is_relative_to(Path(duality.__file__).parent)
