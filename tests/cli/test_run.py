"""``run`` prints a value, or tells what went wrong in terms of the spec; the exit status says whose fault it is."""

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Process = subprocess.CompletedProcess[str]
SIDES = ["threads", "events", "oracle"]

WAITING = """
from duality import application, module, procedure, sleep
@module
class Main:
    @procedure
    async def main(self):
        print("ready", flush=True)
        try:
            await sleep(3600)
        finally:
            print("cleaned up", flush=True)
@application
def waiting():
    return Main()
"""

STUCK = """
from attrs import field
from duality import Condition, application, entry, module, procedure
@module
class Main:
    never: Condition = field(factory=Condition)
    @entry
    async def main(self):
        while True:
            await self.never.wait()
@application
def stuck():
    return Main()
"""

REFUSED = """
from duality import application, module, procedure, sleep
@module
class Main:
    @procedure
    async def main(self):
        return [await sleep(n) for n in range(3)]
@application
def refused():
    return Main()
"""

LISTENING = """
from duality import application, module, net, procedure
@module
class Main:
    port: int
    @procedure
    async def main(self):
        listener = await net.listen("127.0.0.1", self.port)
        await listener.close()
@application
def listening(port: int):
    return Main(port)
"""


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_the_value_is_printed(
    invoke: Callable[..., Result], spec: Callable[..., Path], side: str, crossing: str
) -> None:
    spec()
    result = invoke("run", "counter.py", "--on", side, "--crossing", crossing, "--tasks", "4")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "4.0\n", "")


@pytest.mark.parametrize("side", SIDES)
def test_a_seed_chooses_the_schedule(invoke: Callable[..., Result], spec: Callable[..., Path], side: str) -> None:
    text = """
from duality import application, fork, join, module, procedure
@module
class Main:
    @procedure
    async def note(self, seen, name):
        seen.append(name)
    @procedure
    async def main(self):
        seen = []
        for task in [fork(self.note, seen, name) for name in "abcdefgh"]:
            await join(task)
        return "".join(seen)
@application
def order():
    return Main()
"""
    spec(text, "order.py")
    plain, one, again = (
        invoke("run", "order.py", "--on", side, *seed).stdout
        for seed in ([], ["--schedule-seed", "5"], ["--schedule-seed", "5"])
    )
    assert plain == "abcdefgh\n"
    assert one == again != plain


def test_text_is_printed_as_it_is(
    invoke: Callable[..., Result], spec: Callable[..., Path], texts: dict[str, str]
) -> None:
    spec(texts["telltale"].format(body='return "two\\nlines"'), "telltale.py")
    assert invoke("run", "telltale.py").stdout == "two\nlines\n"


@pytest.mark.parametrize("side", SIDES)
def test_an_applications_error_is_told_in_terms_of_its_spec(
    duality: Callable[..., Process], spec: Callable[..., Path], texts: dict[str, str], side: str
) -> None:
    spec(texts["failing"], "failing.py")
    ran = duality("run", "failing.py", "--on", side)
    assert (ran.returncode, ran.stdout) == (1, "")
    places = [line.strip() for line in ran.stderr.splitlines() if line.startswith("  File ")]
    assert places == [
        'File "failing.py", line 16, in Kitchen.cook',
        'File "failing.py", line 32, in Main.main',
        'File "failing.py", line 26, in Main.ask',
        'File "failing.py", line 18, in Kitchen.cook',
    ]
    assert ran.stderr.endswith("failing.Spoilt: no such dish: soup\n")
    assert "json.decoder.JSONDecodeError" in ran.stderr
    assert "direct cause" in ran.stderr


@pytest.mark.parametrize("side", SIDES)
def test_a_deadlock_is_listed_and_is_the_applications_fault(
    invoke: Callable[..., Result], spec: Callable[..., Path], side: str
) -> None:
    spec(STUCK, "stuck.py")
    result = invoke("run", "stuck.py", "--on", side)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("deadlock: ")
    assert "task 0 waits for" in result.stderr
    assert "line 10" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("side", SIDES)
def test_a_spec_that_is_refused_is_bad_input(
    invoke: Callable[..., Result], spec: Callable[..., Path], side: str
) -> None:
    spec(REFUSED, "refused.py")
    result = invoke("run", "refused.py", "--on", side)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("refused.py:7: `await` inside a comprehension is not handled yet.\n")
    assert "return [await sleep(n) for n in range(3)]" in result.stderr


@pytest.mark.parametrize("side", SIDES)
def test_a_port_in_use_is_bad_input(invoke: Callable[..., Result], spec: Callable[..., Path], side: str) -> None:
    spec(LISTENING, "listening.py")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = invoke("run", "listening.py", "--on", side, "--port", taken.getsockname()[1])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("listening.py:8: the port cannot be had: address already in use.\n")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_it_with_its_own_status(
    start: Callable[..., "subprocess.Popen[str]"], spec: Callable[..., Path], side: str, number: int, status: int
) -> None:
    spec(WAITING, "waiting.py")
    process = start("run", "waiting.py", "--on", side)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, said = process.communicate(timeout=30)
    assert (process.returncode, out, said.strip()) == (status, "cleaned up\n", "")


def test_an_unknown_side_is_bad_input(invoke: Callable[..., Result], spec: Callable[..., Path]) -> None:
    spec()
    result = invoke("run", "counter.py", "--on", "fibres")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


def test_a_wait_without_a_loop_is_a_warning_with_its_line(
    duality: Callable[..., Process], spec: Callable[..., Path]
) -> None:
    spec(STUCK.replace("while True:", "if True:"), "stuck.py")
    ran = duality("run", "stuck.py", "--on", "events")
    assert ran.returncode == 1
    assert ran.stderr.startswith("stuck.py:10: warning: ")
