"""Servers in processes of their own, as the demo needs them: one to measure, one to trace."""

import os
import re
import selectors
import signal
import subprocess
import time
from pathlib import Path

from duality.cli.client import Mistaken
from duality.cli.outcome import Outcome, Request
from duality.cli.workers import environment, heard, python, start

PATIENCE = 15.0  # seconds until a server listens, or has ended
TICK = 1 / os.sysconf("SC_CLK_TCK")


class Server:
    """``duality serve`` on a port of the system's choice; a context manager that ends it by SIGTERM.

    ``port``; ``status``: the exit status, once it has ended.
    """

    def __init__(self, root: Path, side: str) -> None:
        self.side = side
        self.status: int | None = None
        self.process = subprocess.Popen(
            python("-m", "duality", "serve", str(root), "--on", side, "--port", "0"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        try:
            self.port = int(_first_line(self.process, rb"http://[^:]+:(\d+)/"))
        except BaseException:
            self.process.kill()
            raise

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> int:
        """End it, by SIGTERM, and if that does not help for good; gives the exit status. Blocks."""
        if self.status is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                _, self.said = self.process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                _, self.said = self.process.communicate()
            self.status = self.process.returncode
        return self.status

    def cpu(self) -> float:
        """Seconds of CPU, user and system, that the whole process has used so far.

        From the scheduler's own count where the kernel keeps one (nanoseconds), else in ticks of its clock.
        """
        place = Path(f"/proc/{self.process.pid}")
        try:
            return sum(int(one.read_text().split()[0]) for one in place.glob("task/*/schedstat")) / 1e9
        except OSError:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) * TICK

    def peak(self) -> int:
        """Bytes it took at its largest."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) * 1024 if found is not None else 0


class TracedServer:
    """The same server, traced, in a worker; ``port``, and ``stop()`` for what it walked.

    A context manager: nothing is left running where ``stop`` was not come to.
    """

    def __init__(self, root: Path, side: str) -> None:
        self.worker = start(Request("serve", side, params={"root": str(root), "port": 0}))
        try:
            self.port = int(_first_line(self.worker, rb"(\d+)"))
        except BaseException:
            self.worker.kill()
            raise

    def __enter__(self) -> "TracedServer":
        return self

    def __exit__(self, *error: object) -> None:
        if self.worker.poll() is None:
            self.worker.kill()
            self.worker.communicate()

    def stop(self) -> Outcome:
        """End it; give what it walked. Blocks."""
        self.worker.send_signal(signal.SIGTERM)
        return heard(self.worker)


def _first_line(process: "subprocess.Popen[bytes]", pattern: bytes) -> bytes:
    """What ``pattern`` finds in the first line a process says. Raises Mistaken if it says none in time."""
    assert process.stdout is not None
    line, until = b"", time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, until - time.monotonic())):
            letter = os.read(process.stdout.fileno(), 1)
            if not letter:
                break
            line += letter
    found = re.search(pattern, line)
    if found is None or not line.endswith(b"\n"):
        process.kill()
        _, said = process.communicate()
        raise Mistaken(f"a server did not start: {said.decode(errors='replace').strip() or 'it said nothing'}")
    return found[1]
