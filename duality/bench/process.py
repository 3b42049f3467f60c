"""A process that is measured: where it runs, what it says first, what it has cost so far.

Rules: nobody outlives its ``with`` block; waiting has an end; the clock is the kernel's own count of the time a whole
process spent on a processor, user and system together, in nanoseconds (clock_getcpuclockid(3)).
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 300.0  # seconds until we take a measurement for hung
STARTING = 60.0  # seconds to begin in
PARTING = 10.0  # seconds to end in, when asked


class BenchError(Exception):
    """A measurement could not be made; the message is one sentence that says why."""


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs ``module`` with this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Have this OS thread, and the processes it starts meanwhile, run on one ``core``; None for no change."""
    before = os.sched_getaffinity(0)
    try:
        if core is not None:
            os.sched_setaffinity(0, {core})
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> tuple[int, int]:
    """Where the measured and where its client runs: the first and the last core this process may use."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def output(command: Sequence[str], core: int | None) -> str:
    """Run ``command`` on ``core`` to its end and return what it printed. Raises BenchError if it fails or hangs."""
    with pinned(core):
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{_name(command)} was stopped: it had not ended after {PATIENCE:.0f} s.") from None
    if ran.returncode:
        raise BenchError(f"{_name(command)} failed: {_last(ran.stderr)}")
    return ran.stdout


class Server:
    """A server under way. ``port`` is what it printed as its first line."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        """Seconds of processor time that it and its child processes have used, user and system.

        Raises OSError once it has ended.
        """
        return sum(map(_cpu_of, (self.process.pid, *children(self.process.pid))))


def _cpu_of(process: int) -> float:
    # How the kernel names the clock of another process; see CPUCLOCK_SCHED in linux/posix-timers.h.
    return time.clock_gettime((~process << 3) | 2)


def children(parent: int) -> list[int]:
    """The processes whose parent is ``parent``, in order."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in parentheses, may hold anything; after it come the state and the parent.
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[1]) == parent:
            found.append(int(place.parent.name))
    return sorted(found)


@contextmanager
def serving(command: Sequence[str], core: int | None) -> Iterator[Server]:
    """Start ``command`` on ``core``, wait for the line with its port, stop it in the end. Raises BenchError."""
    with tempfile.TemporaryFile("w+") as said:
        with pinned(core):
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            assert process.stdout is not None
            told, _, _ = select.select([process.stdout], [], [], STARTING)
            line = process.stdout.readline() if told else ""
            if not line.strip().isdigit():
                process.kill()
                process.wait()
                said.seek(0)
                raise BenchError(f"{_name(command)} did not start: {_last(said.read())}")
            yield Server(process, int(line))
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PARTING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _name(command: Sequence[str]) -> str:
    return command[2] if command[1:2] == ["-m"] else Path(command[0]).name


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
