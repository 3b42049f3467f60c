"""``duality graph``: where an application may block, read off three texts that have to agree."""

from pathlib import Path

import click

from duality.cli.given import Given, SpecCommand
from duality.cli.refusal import BadInput, reason
from duality.compiler import graph_of
from duality.graph import BlockingGraph
from duality.spec.application import Application

TEXTS = ("spec", "events", "threads")
WRITERS = {
    ".svg": lambda graph, title: graph.to_svg(title=title),
    ".dot": lambda graph, title: graph.to_dot(),
    ".txt": lambda graph, title: graph.to_text(lines=True) + "\n",
}


@click.command("graph", cls=SpecCommand, short_help="Print, or draw, where an application may block.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it here: FILE.svg, FILE.dot or FILE.txt.",
)
def command(given: Given, output: Path | None) -> int:
    """Print the static blocking graph, and whether its three texts agree on it.

    The texts are the spec, the generated events program and the generated threads program, each with a reader of its
    own. Exit status 1 if they differ.
    """
    if output is not None and output.suffix not in WRITERS:
        raise BadInput(f"{output}: the name has to end in {', '.join(WRITERS)}.")
    app = given.app
    graphs = three_graphs(app)
    if output is None:
        print(graphs["spec"].to_text(lines=True))
        print()
    else:
        _write(output, WRITERS[output.suffix](graphs["spec"], app.name))
        print(f"written to {output}")
    difference = first_difference(graphs)
    agree = "the graphs of the spec, of the events text and of the threads text are equal"
    print(difference or f"{agree}: {size(graphs['spec'])}")
    return int(bool(difference))


def three_graphs(app: Application) -> dict[str, BlockingGraph]:
    """The static graph by the text it was read off."""
    return {text: graph_of(app, text) for text in TEXTS}


def first_difference(graphs: dict[str, BlockingGraph]) -> str:
    """What two of the texts disagree on, edge by edge; empty if they all agree."""
    for text in TEXTS[1:]:
        difference = graphs["spec"].diff(graphs[text], left="spec", right=text)
        if difference:
            return f"the graphs of the spec and of the {text} text differ:\n{difference}"
    return ""


def size(graph: BlockingGraph) -> str:
    """``18 nodes, 26 edges``."""
    return f"{len(graph.nodes)} nodes, {len(graph.edges)} edges"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise BadInput(f"{path}: cannot be written: {reason(wrong)}.") from None
