"""A campaign tells how it goes, ends with the fitting status, and can be stopped, in one process or in several."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from duality import Cancelled
from duality.proof.strategies import Spec
from duality.proof.trial import described
from tests.proof import applications
from tests.proof.applications import campaign
from tests.proof.strategies import smaller
from tests.proof.strategies.observed import Difference, stopped
from tests.proof.strategies.smaller import promptly

COMMAND = [sys.executable, "-m", "tests.proof.applications", "--seed", "3", "--every", "0", "--schedules", "1"]
PROGRESS = r"^([\d,]+) applications, .* ([\d,]+) differed$"
forks = pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="what is planted is not in the others")


def running(root, *options):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs us may ignore it
    try:
        return subprocess.Popen(
            [*COMMAND, *options], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)


def test_two_processes_compare_what_one_would_and_tell_how_far_they_are(pytestconfig):
    one, two = (running(pytestconfig.rootpath, "--examples", "22", "--jobs", jobs) for jobs in "12")
    told = [it.communicate(timeout=120) for it in (one, two)]
    assert [err for _, err in told] == ["", ""]
    assert [one.returncode, two.returncode] == [0, 0]
    done = [[line[0] for line in re.findall(PROGRESS, out, re.M)] for out, _ in told]
    assert done[0] == ["10", "20", "22", "22"]
    assert len(done[1]) == 4
    counts = [re.sub(r" in .*?\)", "", out.splitlines()[-2]) for out, _ in told]
    assert counts[0] == counts[1]
    assert [sorted(out.splitlines()[-1].split()) for out, _ in told][0] == sorted(told[1][0].splitlines()[-1].split())


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("to", ["all", "the first"])
def test_who_stops_it_gets_a_last_line_and_nobody_is_left(pytestconfig, jobs, to):
    process = running(pytestconfig.rootpath, "--examples", "100000", "--jobs", jobs)
    try:
        assert re.match(PROGRESS, process.stdout.readline())
        (os.killpg if to == "all" else os.kill)(process.pid, signal.SIGINT)  # as Ctrl-C does, or as `kill -INT` does
        out, err = process.communicate(timeout=30)
        assert err == ""
        assert process.returncode == 130
        assert out.splitlines()[-3] == "stopped"
        assert re.match(PROGRESS, out.splitlines()[-2])
        assert not left(process.pid)
    finally:
        for number in left(process.pid):
            os.kill(number, signal.SIGKILL)


def left(session):
    """The processes of a session that still run."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state, _, _, its = file.read().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its) == session and state != "Z":
            found.append(int(name))
    return found


@pytest.mark.parametrize(("options", "said"), [
    (["--examples", "0"], "--examples must be at least 1"),
    (["--jobs", "0"], "--jobs must be at least 1"),
])  # fmt: skip
def test_what_is_no_campaign_is_refused(pytestconfig, options, said):
    process = running(pytestconfig.rootpath, *options)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said in err
    assert "Traceback" not in err


@forks
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_differs_is_printed_with_the_command_that_draws_it_and_is_the_status(jobs, monkeypatch, capsys):
    def differs(spec: Spec, played, counted=None):
        return Difference("planted", "said", "direct", (0, 1), 3) if "Main" in spec.text else None

    monkeypatch.setattr(applications, "difference", differs)
    monkeypatch.setattr(smaller, "PATIENCE", 0.0)
    assert campaign(5, range(2), 1, jobs, keep=False, every=99.0) == 1
    out = capsys.readouterr().out
    assert out.count("# planted (crossing=direct, core=3, word=[0, 1])\n# said\n# params: ") == 2
    assert "# drawn by: python -m tests.proof.applications --seed 5 --only 1 --schedules 1\n" in out
    assert re.findall(PROGRESS, out, re.M) == [("2", "2")]


@forks
def test_a_process_that_dies_is_told_of(monkeypatch, capsys):
    def dies(*given):
        os._exit(3)

    monkeypatch.setattr(applications, "judged", dies)
    assert campaign(5, range(12), 1, 2, keep=False, every=99.0) == 2
    assert "a process of several has died" in capsys.readouterr().out


# -- what a drawn program may not take for its own ---------------------------------------------------------------------

CATCHES = """
from duality import application, module, procedure, yield_now


@module
class Main:
    @procedure
    async def main(self):
        try:
            {strike}
            await yield_now()
        except {kind}:
            return 7


@application
def drawn(n: int = 1):
    return Main()
"""


def test_a_signal_that_a_run_takes_for_its_own_stops_us():
    strike = "__import__('signal').raise_signal(2)"
    with pytest.raises(KeyboardInterrupt):
        applications.judged(Spec(CATCHES.format(strike=strike, kind="BaseException")), applications.schedules(1))


def test_a_signal_is_seen_behind_other_errors_and_among_them():
    error = ValueError()
    error.__context__ = BaseExceptionGroup("several", [LookupError(), KeyboardInterrupt()])
    assert stopped(described(error))
    assert not stopped(described(BaseExceptionGroup("several", [LookupError(), Cancelled()])))
    assert not stopped(None)


def test_a_run_that_catches_the_end_of_its_time_does_not_keep_it():
    strike = "__import__('signal').raise_signal(__import__('signal').SIGPROF)"
    found = applications.judged(Spec(CATCHES.format(strike=strike, kind="Exception")), applications.schedules(1))
    assert found.kind == "does not end"


def test_time_is_processor_time():
    def turns(seconds):
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass

    with promptly(1):
        turns(0.2)
    with pytest.raises(TimeoutError, match="it does not end"), promptly(1):
        turns(5)
