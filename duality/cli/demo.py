"""``duality demo``: one static web server, by threads and by events, side by side; and a report to keep."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from duality.cli import evidence
from duality.cli.client import Mistaken
from duality.cli.evidence import SIDES
from duality.cli.load import load
from duality.cli.refusal import BadInput, reason
from duality.cli.servers import Server
from duality.cli.site import build
from duality.cli.table import LAYOUT, show, verdict
from duality.view.report import Finding, Picture, Programs, Report, rendered
from duality.web import knot

TIMES = 2  # times A B B A: four rounds a side


@click.command("demo", short_help="A web server by threads and by events, compared.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("duality-report.html"),
    show_default=True,
    help="Where the page goes.",
)
@click.option(
    "--requests", type=click.IntRange(100), default=20_000, show_default=True, help="Requests per measured round."
)
def command(report: Path, requests: int) -> int:
    """Serve a small site by threads and by events; compare every byte, the graphs, and what a request costs.

    Prints the table and writes a report, one self-contained HTML file. Exit status 1 if something that must hold does
    not.
    """
    _check_writable(report)
    began = time.perf_counter()
    console = Console(highlight=False)
    try:
        page = _gather(requests, console)
    except (Mistaken, OSError) as wrong:
        print(f"the demo cannot go on: {wrong}", file=sys.stderr)
        return 1
    _write(report, rendered(page))
    _print(console, page.findings)
    for note in page.notes:
        console.print(note, style="dim")
    took = time.perf_counter() - began
    where = Text.assemble("The report, with both programs and the graphs: ", (str(report.resolve()), "bold"))
    console.print(where.append(f"  ({took:.0f} s)"), soft_wrap=True)
    broken = [finding for finding in page.findings if finding.holds is False]
    for finding in broken[:1]:
        console.print(f"first difference: {finding.name.strip()}: {finding.said}", style="bold red", markup=False)
        console.print(finding.difference, markup=False, soft_wrap=True)
    return int(not page.holds)


def _gather(requests: int, console: Console) -> Report:
    files = evidence.examples()
    findings: list[Finding] = []
    pictures: list[Picture] = []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="duality-") as folder, bar as progress:
        load_units = requests * 2 * len(SIDES) * TIMES
        unit = load_units // 24  # so that the bar moves about evenly in time
        task = progress.add_task("starting Knot and Haboob", total=unit * (4 + len(files)) + load_units)

        def at(what: str, units: int = unit) -> None:
            progress.update(task, description=f"{what:<40}", advance=units)

        root, pages = build(Path(folder))
        with Server(root, "threads") as threads, Server(root, "events") as events:
            servers = {"threads": threads, "events": events}
            at("comparing every byte")
            findings += evidence.of_bytes(servers, pages)
            at("walking the server's graph")
            found, picture = evidence.of_server_graphs(root, pages)
            findings += found
            pictures.append(picture)
            for place, file in enumerate(files):
                at(f"comparing {file.stem}")
                finding, picture = evidence.of_example(file, first=place == 0)
                findings.append(finding)
                pictures.append(picture)
            at("measuring")
            cost, us = evidence.of_cost(servers, pages, requests, TIMES, lambda count: at("measuring", count))
            findings += [*cost, evidence.of_endings(servers)]
        at("writing the report")
        programs = _programs(files, root)
    notes = [] if files else ["The examples are not in this installation: only the web server was compared."]
    return Report(_all_hold(findings), evidence.facts(), findings, us, programs, pictures, notes)


def _all_hold(findings: Sequence[Finding]) -> bool:
    return all(finding.holds is not False for finding in findings)


def _programs(files: Sequence[Path], root: Path) -> list[Programs]:
    found = []
    for file in files:
        if file.stem == "bounded_buffer":
            app = load(str(file)).app
            shown = ["Buffer.put", "Buffer.get"]
            found.append(evidence.programs_of(app, "a bounded buffer", f"examples/{file.name}", shown))
    opened, served = ["Pages.claim"], knot.given(root=str(root))
    found.append(evidence.programs_of(served, "the web server", "duality/web", opened))
    return found


def _print(console: Console, findings: Sequence[Finding]) -> None:
    table = Table(**LAYOUT)
    table.add_column("", style="bold", no_wrap=True)
    table.add_column(Text("Knot\n(threads)", style="blue"), justify="right")
    table.add_column(Text("Haboob\n(events)", style="yellow"), justify="right")
    table.add_column("", overflow="fold")
    for finding in findings:
        if finding.group and table.row_count:
            table.add_section()
        said = verdict(True, finding.said) if finding.holds else verdict(False, finding.said)
        if finding.holds is None:
            said = Text(finding.said, style="dim")
        table.add_row(finding.name, *finding.cells, said)
    show(console, table)


def _check_writable(path: Path) -> None:
    """Learn now, not in twenty seconds, that the report cannot be written."""
    existed = path.exists()
    try:
        path.open("a").close()
        if not existed:
            path.unlink()
    except OSError as wrong:
        raise BadInput(f"{path}: the report cannot be written there: {reason(wrong)}.") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise BadInput(f"{path}: the report cannot be written there: {reason(wrong)}.") from None
