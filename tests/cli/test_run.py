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
        await sleep(0)
        return locals()
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
    assert "at stuck.py:10, in Main.main" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("side", SIDES)
def test_a_spec_that_is_refused_is_bad_input(
    invoke: Callable[..., Result], spec: Callable[..., Path], side: str
) -> None:
    spec(REFUSED, "refused.py")
    result = invoke("run", "refused.py", "--on", side)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("refused.py:8: `locals()` in a procedure that rests: ")
    assert "     8 |         return locals()\n" in result.stderr


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


SPINNING = """
from duality import application, fork, module, procedure, yield_now
@module
class Main:
    async def waits(self):
        try:
            await yield_now()
        finally:
            print("cleaned up", flush=True)
    @procedure
    async def main(self):
        fork(self.waits)
        await yield_now()
        print("ready", flush=True)
        turns = 0
        while True:
            turns += 1
@application
def spinning():
    return Main()
"""


@pytest.mark.parametrize("side", SIDES)
def test_a_procedure_that_never_awaits_is_ended_by_the_second_interrupt(
    start: Callable[..., "subprocess.Popen[str]"], spec: Callable[..., Path], side: str
) -> None:
    spec(SPINNING, "spinning.py")
    process = start("run", "spinning.py", "--on", side)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.2)  # the first waits for a rest, which does not come
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.rstrip() in [f"spinning.py:{line}: interrupted in Main.main." for line in (16, 17)]


SELFISH = """
from duality import application, entry, module
@module
class Main:
    @entry
    async def main(self):
        await self.again()
    @entry
    async def again(self):
        pass
@application
def selfish():
    return Main()
"""


@pytest.mark.parametrize("side", SIDES)
def test_a_deadlock_at_an_await_names_its_line_too(
    invoke: Callable[..., Result], spec: Callable[..., Path], side: str
) -> None:
    spec(SELFISH, "selfish.py")
    result = invoke("run", "selfish.py", "--on", side)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "deadlock: task 0 would wait for itself, in a cycle",
        "  task 0 waits for the module Main, held by task 0",
        "  at selfish.py:7, in Main.main",
    ]


ROOTLESS = """
from duality import application, module
@module
class Buffer:
    items: list
@application
def rootless(what: str = "module"):
    return {"module": Buffer(list(range(1000))), "class": Buffer, "none": None, "number": 3}[what]
"""


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("module", "a Buffer, which has no `main`"),
        ("class", "the class Buffer itself"),
        ("none", "None"),
        ("number", "a int, which is no module"),
    ],
)
def test_an_application_without_a_main_is_told_what_it_returned(
    invoke: Callable[..., Result], spec: Callable[..., Path], what: str, said: str
) -> None:
    spec(ROOTLESS, "rootless.py")
    result = invoke("run", "rootless.py", "--what", what)
    assert result.exit_code == 2
    assert f"that has a procedure `main`; it returned {said}.\n" in result.stderr
    assert result.stderr.startswith("rootless.py:6: application rootless must return a module")
    assert len(result.stderr.splitlines()) == 2


def test_a_parameter_that_was_not_given_is_told_with_its_place(
    invoke: Callable[..., Result], spec: Callable[..., Path]
) -> None:
    spec(LISTENING, "listening.py")
    result = invoke("run", "listening.py")
    assert result.exit_code == 2
    assert result.stderr == "listening.py:10: application listening needs a value for its parameter: --port INTEGER.\n"


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
