"""The table in which threads, events and the oracle stand side by side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from duality.cli.laws import Law

LAYOUT: dict[str, Any] = {"box": box.SIMPLE_HEAD, "pad_edge": False, "padding": (0, 1, 0, 0)}
VERDICTS = {True: ("✔ ", "green"), False: ("✘ ", "bold red"), None: ("≈ ", "yellow")}


def verdict(holds: bool | None, said: str) -> Text:
    """What came of a law, with a sign that needs no colour."""
    sign, style = VERDICTS[holds]
    return Text(sign + said, style=style)


def side_by_side(title: str, sides: Sequence[str]) -> Table:
    """An empty table: what is compared, a column a side, the verdict."""
    table = Table(title=Text(title, style="bold"), title_justify="left", **LAYOUT)
    table.add_column("", style="bold", no_wrap=True)
    for side in sides:
        table.add_column(side, justify="right", overflow="fold")
    table.add_column("", overflow="fold")
    return table


def add_law(table: Table, law: Law, sides: Iterable[str]) -> None:
    """A row that must be equal."""
    table.add_row(law.name, *(Text(law.cells.get(side, "")) for side in sides), verdict(law.holds, law.said))


def add_figures(table: Table, name: str, cells: Mapping[str, str], sides: Iterable[str], note: str = "") -> None:
    """A row that need not be."""
    table.add_row(name, *(Text(cells.get(side, "")) for side in sides), Text(note, style="dim"))


def say(console: Console, text: Text) -> None:
    """Print a sentence, folded between words where the terminal is narrower; in a file it stays one line."""
    console.print(text, soft_wrap=not console.is_terminal)


def show(console: Console, table: Table) -> None:
    """Print the table; where nobody looks (a file, a pipe), as wide as it wants to be."""
    if not console.is_terminal:
        console = Console(width=10_000, file=console.file, highlight=False)
    console.print(table)
