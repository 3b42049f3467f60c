"""How far a check has come: a bar, where somebody looks, and the answer to an interrupt, everywhere.

Rule: an interrupt stops the check and is never taken for something that a run did.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from duality.proof.outcomes import Explored
from duality.proof.verdict import Progress as Reached


class Watch:
    """Told by a check how far it has come (``watch(reached)``); draws the bar, if ``console`` is a real terminal.

    reached: the last it was told, None before.
    """

    def __init__(self, console: Console) -> None:
        self.reached: Reached | None = None
        self.console = console
        self.bar: Any = None
        self.task: Any = None
        self.signals = -1  # what can be read here are the numbers of signals that came

    def __call__(self, reached: Reached) -> None:
        """Note it. Raises KeyboardInterrupt if somebody has asked for the end."""
        self.reached = reached
        if self.interrupted():
            raise KeyboardInterrupt
        said = f"{figure(reached.per_second)}/s  {reached.edges}/{reached.edges_total} edges"
        self.bar.update(self.task, completed=reached.schedules, total=max(1, reached.of), said=said)

    def explored(self, found: Explored) -> None:
        """Note how far an exploration has come. Raises KeyboardInterrupt if somebody has asked for the end."""
        if self.interrupted():
            raise KeyboardInterrupt
        said = f"exploring {found.on}: {found.schedules:,} schedules, {len(found.outcomes)} outcomes"
        self.bar.update(self.task, said=said)

    @contextmanager
    def over(self, name: str, of: int) -> Iterator[None]:
        """Watch one check of ``of`` schedules; the bar is gone at its end. In the main OS thread."""
        self.reached = None
        with self._bar() as self.bar, self._listening():
            self.task = self.bar.add_task(name, total=of, said="")
            yield
            if self.interrupted():
                raise KeyboardInterrupt

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.completed:.0f} of {task.total:.0f}"),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
            expand=True,
            disable=not self.console.file.isatty(),  # colours may be wanted in a file, a bar never is
        )

    @contextmanager
    def _listening(self) -> Iterator[None]:
        # While a run is on, its I/O core has the signals, and the run ends with an error which is none of its own. So
        # they are noted a second time, below all handlers, and what came of such a run counts for nothing. The
        # processes that help are told as well; whoever started them ends them.
        mine, process = os.getpid(), signal.getsignal(signal.SIGINT)
        self.signals, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

        def interrupt(number: int, frame: Any) -> None:
            if os.getpid() == mine:
                raise KeyboardInterrupt

        signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, process)
            signal.set_wakeup_fd(before)
            os.close(writing)
            os.close(self.signals)

    def interrupted(self) -> bool:
        """Whether a SIGINT has come since one last asked."""
        try:
            return signal.SIGINT in os.read(self.signals, 4096)
        except BlockingIOError:
            return False

    def told(self) -> str:
        """How far it got, in one sentence without its end."""
        one = self.reached
        if one is None or not one.schedules:
            return "interrupted before the first schedule was done"
        return (
            f"interrupted after {one.schedules:,} of {one.of:,} schedules ({one.seconds:.1f} s,"
            f" {one.edges} of {one.edges_total} edges walked): nothing was found in them"
        )


def figure(value: float) -> str:
    """``8.3``, ``1,240``."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
