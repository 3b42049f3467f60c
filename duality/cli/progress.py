"""How far a check has come: a bar, where somebody looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import frozen
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from duality.proof.explored import Explored
from duality.proof.verdict import Progress as Reached

ROOM = 4  # columns that the bar leaves free


class Watch:
    """Told by a check how far it has come (``watch(reached)``); draws the bar, if ``console`` is a real terminal."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar: Any = None
        self.task: Any = None

    def __call__(self, reached: Reached) -> None:
        """Note it."""
        said = f"{figure(reached.per_second)}/s  {reached.edges}/{reached.edges_total} edges"
        self.bar.update(self.task, completed=reached.schedules, total=max(1, reached.of), said=said)

    def explored(self, found: Explored) -> None:
        """Note how far an exploration has come."""
        said = f"exploring {found.on}: {found.schedules:,} schedules"
        self.bar.update(self.task, said=said)

    @contextmanager
    def over(self, name: str, of: int) -> Iterator[None]:
        """Watch one check of ``of`` schedules; the bar is gone at its end."""
        with self._bar() as self.bar:
            self.task = self.bar.add_task(name, total=of, said="")
            yield

    def _bar(self) -> Progress:
        return _Bar(
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


class _Bar(Progress):
    """A bar that ends before the terminal does: the ``^C`` of an interrupt has room, and does not break the line."""

    def get_renderable(self) -> RenderableType:
        return _Narrower(super().get_renderable())


@frozen
class _Narrower:
    inside: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.inside, options.update(width=max(1, options.max_width - ROOM)))


def figure(value: float) -> str:
    """``8.3``, ``1,240``."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
