"""The command line as its users meet it: real processes where the exit status matters, click's runner elsewhere."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from duality.cli import main

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0

COUNTER = '''"""A counter, small enough to know by heart."""
from duality import application, entry, fork, join, module, procedure, yield_now


@module
class Counter:
    value: int = 0

    @entry
    async def add(self, amount):
        before = self.value
        await yield_now()
        self.value = before + amount
        return self.value


@module
class Main:
    counter: Counter
    tasks: int
    amount: float

    @procedure
    async def main(self):
        adding = [fork(self.counter.add, self.amount) for _ in range(self.tasks)]
        for one in adding:
            await join(one)
        return self.counter.value


@application
def counter(tasks: int = 3, amount: float = 1.0):
    """Adds up. tasks: how many."""
    return Main(Counter(), tasks, amount)
'''

# How a spec can tell on which side it runs, which no honest one does: among threads there is a greenlet below it.
TELLTALE = """
import greenlet
from duality import application, module, procedure, yield_now


def among_threads():
    return greenlet.getcurrent().parent is not None


@module
class Main:
    @procedure
    async def main(self):
        {body}


@application
def telltale():
    return Main()
"""

FAILING = """
import json
from duality import application, entry, fork, join, module, procedure, yield_now


class Spoilt(Exception):
    pass


@module
class Kitchen:
    @entry
    async def cook(self, order):
        await yield_now()
        try:
            json.loads(order)
        except ValueError as wrong:
            raise Spoilt(f"no such dish: {order}") from wrong


@module
class Main:
    kitchen: Kitchen

    async def ask(self, order):
        await self.kitchen.cook(order)

    @procedure
    async def main(self):
        asked = fork(self.kitchen.cook, "[]")
        await join(asked)
        await self.ask("soup")


@application
def failing():
    return Main(Kitchen())
"""


@pytest.fixture
def spec(tmp_path: Path) -> Callable[..., Path]:
    """``spec(text, name="counter.py")``: a file with that text."""

    def spec(text: str = COUNTER, name: str = "counter.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return spec


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """``invoke(*arguments)``: the command in this process, standing in the test's folder."""
    monkeypatch.chdir(tmp_path)
    path, modules = list(sys.path), set(sys.modules)
    yield lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="duality")
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if not name.startswith(("duality", "rich", "pygments", "click")):
            del sys.modules[name]


@pytest.fixture
def duality(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """``duality(*arguments)``: the command as a process, to its end, standing in the test's folder."""

    def duality(*arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments), cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=PATIENCE,
            check=False, **options,
        )  # type: ignore[call-overload, no-any-return]  # fmt: skip

    return duality


def command(*arguments: object) -> list[str]:
    """The command line of a process."""
    return [sys.executable, "-m", "duality", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Finds the package wherever the process stands."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """``start(*arguments)``: the command as a process that goes on; killed at the end of the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            command(*arguments), cwd=tmp_path, env=environment(), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


@pytest.fixture
def texts() -> dict[str, str]:
    """The specs that several tests use."""
    return {"counter": COUNTER, "telltale": TELLTALE, "failing": FAILING}
