"""Two columns of Python for a terminal, or for a file.

Rules: nothing is ever cut off. On a terminal a line too long for its column goes on below, indented; in a file the
columns are as wide as what is in them.
"""

from collections.abc import Sequence

from attrs import frozen
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

SEPARATOR = " │ "
NUMBERS = 5  # columns for a line number and a space
HANG = 4  # columns by which the rest of a folded line is further in


def coloured(lines: Sequence[str]) -> list[Text]:
    """``lines`` of Python, syntax coloured in the terminal's own colours; one Text each."""
    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
    whole = syntax.highlight("\n".join(lines))
    whole.rstrip()
    parts = list(whole.split("\n", allow_blank=True))
    return [*parts, *(Text() for _ in range(len(lines) - len(parts)))]


def fold(plain: str, width: int) -> list[tuple[int, int, int]]:
    """Where to cut a line so that it fits: for each piece its start, its end, and how far in it stands."""
    start, inside, pieces = 0, 0, []
    hang = min(len(plain) - len(plain.lstrip()) + HANG, width // 2)
    while len(plain) - start > width - inside:
        room = start + width - inside
        at = plain.rfind(" ", start + 1, room + 1)
        if at < (start + room) // 2:  # rather within a call than with half of the column empty
            at = max(at, plain.rfind("(", start, room) + 1, plain.rfind(".", start, room))
        at = at if plain[start:at].strip() else room
        pieces.append((start, at, inside))
        start = at + (len(plain[at:]) - len(plain[at:].lstrip()))
        inside = hang
    return [*pieces, (start, len(plain), inside)]


def folded(text: Text, width: int) -> list[Text]:
    """``text`` in lines at most ``width`` wide."""
    return [Text(" " * inside) + text[start:end] for start, end, inside in fold(text.plain, width)]


@frozen
class Columns:
    """How wide the two columns are."""

    left: int
    right: int

    @classmethod
    def fitting(cls, left: int, right: int, width: int | None) -> "Columns":
        """For contents ``left`` and ``right`` wide. width: of the terminal; None if there is room without end."""
        if width is None:
            return cls(left, right)
        room = max(40, width - NUMBERS - len(SEPARATOR))
        if left + right <= room:
            return cls(left, right)
        narrow = min(left, max(room // 2, room - right))
        return cls(narrow, min(right, room - narrow))

    def show(self, console: Console, number: int | None, left: Text, right: Text, sign: str = SEPARATOR) -> None:
        """Print one row, in as many lines as it takes."""
        lefts, rights = folded(left, self.left), folded(right, self.right)
        for place in range(max(len(lefts), len(rights))):
            line = Text()
            line.append(f"{number if number is not None and place == 0 else '':>{NUMBERS - 1}} ", style="dim")
            shown = lefts[place] if place < len(lefts) else Text()
            line.append_text(shown)
            line.append(" " * (self.left - len(shown.plain)))
            line.append(sign, style="dim")
            line.append_text(rights[place] if place < len(rights) else Text())
            line.rstrip()
            console.print(line, soft_wrap=True)

    def rule(self, console: Console) -> None:
        """A thin line across both."""
        left, right = "─" * (NUMBERS + self.left), "─" * self.right
        console.print(Text(f"{left}─┼─{right}", style="dim"), soft_wrap=True)
