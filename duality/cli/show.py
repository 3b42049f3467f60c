"""``duality show``: a generated program, and the spec's lines beside it."""

import sys

import click
from rich.console import Console
from rich.text import Text

from duality.cli.columns import Columns, coloured
from duality.cli.given import Given, SpecCommand
from duality.cli.refusal import BadInput
from duality.compiler import Product, program
from duality.compiler.stages import STAGES
from duality.compiler.stages import stage as after_pass
from duality.view.beside import Rest, Row, beside, rests

LIVE = "bold yellow"
HEAD = "bold cyan"


class ShowCommand(SpecCommand):
    """Takes the name of a procedure behind the file, or behind the application."""

    rest = True


@click.command("show", cls=ShowCommand, short_help="Print a generated program beside its spec.")
@click.option(
    "--on", type=click.Choice(["events", "threads"]), default="events", show_default=True, help="Which program."
)
@click.option("--stage", type=click.Choice(STAGES), help="Print the program as it is after one pass of the compiler.")
def command(given: Given, on: str, stage: str | None) -> None:
    """Print the generated program, the spec's lines beside it.

    After FILE or FILE:APP may stand a procedure's name, as in FILE:put or FILE:Buffer.put. At each rest is said which
    variables are alive: what the record holds, or what the stack is left with.
    """
    whole = program(given.app, on)
    chosen = whole.find(given.rest) if given.rest else whole.products
    if not chosen:
        names = ", ".join(product.qualname for product in whole.products)
        raise BadInput(f"no procedure {given.rest!r}; there are {names}.", given.file)
    console = Console(highlight=False)
    if stage is not None:
        for product in chosen:
            text = after_pass(product.procedure.function, product.procedure.owner, stage)
            console.print(text, markup=False, soft_wrap=True)
        return
    width = console.width if sys.stdout.isatty() else None
    for place, product in enumerate(chosen):
        if place:
            console.print()
        show(console, product, width)


def show(console: Console, product: Product, width: int | None) -> None:
    """Print the two columns of one procedure. width: of the terminal; None where there is room without end."""
    rows = _ROWS[product.side](product)
    columns = Columns.fitting(
        max([len("spec"), *(len(row.spec) for row in rows)]), max(len(row.text) for row in rows), width
    )
    title = Text.assemble((product.qualname, "bold"), (f"   {product.file}:{product.first_line}", "dim"))
    console.print(title, soft_wrap=True)
    columns.show(console, None, Text("spec", style="dim"), Text(product.side, style="dim"))
    columns.rule(console)
    specs = coloured([row.spec for row in rows])
    texts = coloured([row.text for row in rows])
    blank = False
    for row, spec, text in zip(rows, specs, texts, strict=True):
        if row.number is not None and not row.text:
            if not blank:
                columns.rule(console)  # between two handlers
            blank = True
            continue
        blank = False
        columns.show(console, row.line, spec, _emphasised(row, text))


def _annotated(product: Product) -> list[Row]:
    """The rows; as nothing in the text says what a stack keeps across a rest, a comment below each rest does."""
    by_line: dict[int, list[Rest]] = {}
    for rest in rests(product):
        by_line.setdefault(rest.node.line, []).append(rest)
    found = []
    for row in beside(product):
        found.append(row)
        here = by_line.get(row.origin or 0, []) if row.rest is not None else []
        for rest in here:
            indent = " " * (len(row.text) - len(row.text.lstrip()))
            where = "here" if len(here) == 1 else f"at {rest.node.name}"
            where = "where it ends" if rest.node.label == "end of scope" else where
            alive = ", ".join(rest.alive) or "nothing"
            found.append(Row(None, "", None, f"{indent}# rests {where}; alive on the stack: {alive}", row.origin))
    return found


def _emphasised(row: Row, text: Text) -> Text:
    said = row.text.lstrip()
    if said.startswith(("# alive across", "# rests ")):
        return Text(row.text, style=LIVE)
    if said.startswith("#") and row.origin is None:
        return Text(row.text, style=HEAD)
    return text


_ROWS = {"events": beside, "threads": _annotated}
