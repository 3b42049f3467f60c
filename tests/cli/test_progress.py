"""The bar fits its terminal, with room for the ``^C`` of whoever interrupts it, and leaves nothing behind."""

import io
import re

import pytest
from rich.console import Console

from duality.cli.progress import ROOM, Watch
from duality.proof.explored import Explored
from duality.proof.verdict import Progress


class Screen(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(width: int, reached: Progress | None = None, found: Explored | None = None) -> tuple[list[str], str]:
    """The frames of a bar, and all that was written."""
    screen = Screen()
    watch = Watch(Console(file=screen, width=width, force_terminal=True))
    with watch.over("dining_philosophers", 3000):
        if reached is not None:
            watch(reached)
        if found is not None:
            watch.explored(found)
        watch.bar.refresh()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    return [line for line in re.split(r"[\r\n]+", text) if line], screen.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_bar_leaves_room_for_the_answer_of_the_terminal(width: int) -> None:
    frames, _ = drawn(width, Progress(1400, 3000, 12345.6, 13, 15, 0.3))
    assert any("3000" in frame for frame in frames) or width < 60
    assert max(map(len, frames)) <= width - ROOM


def test_at_80_columns_an_exploration_says_where_it_is() -> None:
    frames, _ = drawn(80, found=Explored("threads", 9, schedules=1_234_567))
    assert "exploring threads: 1,234,567 schedules" in frames[-1]


def test_the_bar_is_rubbed_out() -> None:
    _, written = drawn(80, Progress(1, 3000, 1.0, 1, 15, 0.3))
    assert written.endswith("\x1b[1A\x1b[2K")
