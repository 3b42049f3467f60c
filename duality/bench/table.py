"""The result as a page: what was measured, its ratios beside their marks, what is missing."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from duality.bench.result import Finding, Result

TITLES = {
    "web": "a request for a page of 8 KiB from the cache, 64 connections",
    "yield": "a yield among 1,000 tasks",
    "scale": "a yield among 100,000 tasks (many) and among 1,000 (few)",
    "memory": "a task parked at a condition",
    "call": "a call to another module that does not block",
    "rest": "a rest and its resumption with five live variables",
}


def show(result: Result, console: Console) -> None:
    """Print everything."""
    console.print(_values(result))
    console.print(_findings(result.findings()))
    if result.missing:
        console.print("[bold]Not measured:[/bold]")
        for sentence in result.missing:
            console.print(f"  {escape(sentence)}", highlight=False)
    facts = "; ".join(f"{name} {value}" for name, value in result.machine.items())
    console.print(f"[dim]{escape(facts)}[/dim]", highlight=False)


def _values(result: Result) -> Table:
    table = Table(title="What was measured (the median of the rounds; smallest to largest)", title_justify="left")
    for name in ("measure", "contender"):
        table.add_column(name)
    for name in ("median", "spread"):
        table.add_column(name, justify="right")
    table.add_column("unit")
    units = {(one.measure, one.contender): one.unit for one in result.samples}
    last = ""
    for (measure, contender), value in result.values().items():
        if measure != last:
            table.add_section()
        title, last = TITLES[measure] if measure != last else "", measure
        spread = f"{value.least:,.1f} to {value.most:,.1f}"
        table.add_row(title, contender, f"{value.median:,.1f}", spread, units[measure, contender])
    return table


def _findings(findings: list[Finding]) -> Table:
    table = Table(title="Ratios (taken within each round)", title_justify="left")
    for name in ("measure", "ratio of"):
        table.add_column(name)
    for name in ("median", "spread", "mark"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    last = ""
    for one in findings:
        claim = one.claim
        if claim.measure != last:
            table.add_section()
        title, last = TITLES[claim.measure] if claim.measure != last else "", claim.measure
        colour = "green" if one.verdict == "met" else "red"
        verdict = f"[{colour}]{one.verdict}[/{colour}]" if one.verdict else ""
        spread = f"{one.ratio.least:.2f} to {one.ratio.most:.2f}"
        mark = str(claim.mark) if claim.mark else ""
        table.add_row(title, f"{claim.above} / {claim.below}", f"{one.ratio.median:.2f}", spread, mark, verdict)
    return table
