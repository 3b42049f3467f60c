"""SIGINT and SIGTERM end a run: every task is cancelled, its ``finally`` block runs, and may rest again."""

import signal
import subprocess
import sys

import pytest
from attrs import field

from duality import application, entry, fork, join, module, procedure, run, sleep, yield_now

PATIENCE = 30


@module
class Patient:
    """Waits as long as it is let, and says what it does."""

    log: list = field(factory=list)

    @entry
    async def hold(self, name):
        try:
            print(name, "waits", flush=True)
            await sleep(1000)
        finally:
            await yield_now()
            await sleep(0.001)
            print(name, "cleaned", flush=True)

    @procedure
    async def main(self):
        tasks = [fork(self.hold, "holder"), fork(self.hold, "queuer")]
        try:
            for task in tasks:
                await join(task)
        finally:
            print("main cleaned", flush=True)


@application
def patient():
    """Waits."""
    return Patient()


SCRIPT = """
import sys
sys.path[:0] = [sys.argv[1]]
from duality import run
from tests.twins import test_signals
try:
    run(getattr(test_signals, sys.argv[3]), sys.argv[2])
except BaseException as error:
    print("ended by", repr(error), flush=True)
"""


@pytest.mark.parametrize(
    ("number", "end"), [(signal.SIGINT, "KeyboardInterrupt()"), (signal.SIGTERM, "SystemExit(143)")]
)
def test_a_signal_ends_the_run_and_finally_blocks_run(on, number, end, pytestconfig):
    command = [sys.executable, "-c", SCRIPT, str(pytestconfig.rootpath), on, "patient"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "holder waits\n"
            child.send_signal(number)
            said, complained = child.communicate(timeout=PATIENCE)
        finally:
            child.kill()
    assert complained == ""
    lines = said.splitlines()
    assert sorted(lines[:-1]) == ["holder cleaned", "main cleaned"]
    assert lines[-1] == f"ended by {end}"


def test_a_signal_that_another_task_raises_is_no_difference(on):
    with pytest.raises(KeyboardInterrupt):
        run(signalling, on)


@module
class Signalling:
    @procedure
    async def main(self):
        signal.raise_signal(signal.SIGINT)
        await sleep(1000)


@application
def signalling():
    """Sends itself a SIGINT."""
    return Signalling()


@module
class Deaf:
    """Never rests: it reads a line, and then loops."""

    @entry
    async def hold(self):
        try:
            await sleep(1000)
        finally:
            print("holder cleaned", flush=True)
            await yield_now()
            print("never", flush=True)

    @procedure
    async def main(self):
        fork(self.hold)
        await yield_now()
        try:
            print("loops", flush=True)
            sys.stdin.readline()
            print("still loops", flush=True)
            while True:
                pass
        finally:
            print("main cleaned", flush=True)


@application
def deaf():
    """Loops."""
    return Deaf()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_a_task_that_never_rests(on, pytestconfig, number):
    command = [sys.executable, "-c", SCRIPT, str(pytestconfig.rootpath), on, "deaf"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as child:
        try:
            assert child.stdout.readline() == "loops\n"
            child.send_signal(number)
            child.stdin.write("\n")  # it comes after the signal, and so does what is printed next
            child.stdin.flush()
            assert child.stdout.readline() == "still loops\n"
            child.send_signal(number)
            said, complained = child.communicate(timeout=PATIENCE)
        finally:
            child.kill()
    assert complained == ""
    error = "KeyboardInterrupt()" if number == signal.SIGINT else "SystemExit(143)"
    assert said.splitlines() == ["main cleaned", "holder cleaned", f"ended by {error}"]
