"""The result as a page: what was measured, its ratios beside their marks, what is missing."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from duality.bench.arithmetic import Spread
from duality.bench.result import Finding, Result

TITLES = {
    "web": "A page of 8 KiB from the cache, over 64 connections that stay open",
    "yield": "A yield among 1,000 tasks",
    "scale": "A yield among 100,000 tasks (many) and among 1,000 (few)",
    "memory": "A task parked at a condition",
    "call": "A call to another module that does not block, the loop around it taken off",
    "rest": "A rest and its resumption with five live variables, among 100 and among 1,000 tasks",
    "compile": "Compiling a thousand lines of spec",
    "check": "A schedule of a bounded buffer with four tasks of three items, on all three runtimes",
    "simulated": "An echo over a connection, on the simulated I/O core and on the real one, untraced",
}
SUMMARY = "median and spread of the rounds; ratios are taken within each round"


def show(result: Result, console: Console) -> None:
    """Print everything: measure by measure what was measured and its ratios, then what is missing."""
    values, findings = result.values(), result.findings()
    for measure in dict.fromkeys(name for name, _ in values):
        console.print(f"\n[bold]{TITLES[measure]}[/bold] [dim]({SUMMARY})[/dim]", highlight=False)
        chosen = {who: value for (name, who), value in values.items() if name == measure}
        unit = next(one.unit for one in result.samples if one.measure == measure)
        console.print(_values(chosen, unit))
        console.print(_ratios([one for one in findings if one.claim.measure == measure]))
    if result.missing:
        console.print("\n[bold]Not measured[/bold]")
        for sentence in result.missing:
            console.print(f"  {escape(sentence)}", highlight=False)
    facts = "; ".join(f"{name} {value}" for name, value in result.machine.items())
    console.print(f"\n[dim]{escape(facts)}[/dim]", highlight=False)


def _values(values: dict[str, Spread], unit: str) -> Table:
    table = Table()
    table.add_column("contender")
    table.add_column(unit, justify="right")
    table.add_column("spread", justify="right")
    for contender, value in values.items():
        table.add_row(contender, f"{value.median:,.1f}", f"{value.least:,.1f} to {value.most:,.1f}")
    return table


def _ratios(findings: list[Finding]) -> Table:
    table = Table()
    table.add_column("ratio of")
    for name in ("median", "spread", "mark"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for one in findings:
        claim = one.claim
        colour = "green" if one.verdict == "met" else "red"
        table.add_row(
            f"{claim.above} / {claim.below}",
            f"{one.ratio.median:.2f}",
            f"{one.ratio.least:.2f} to {one.ratio.most:.2f}",
            str(claim.mark) if claim.mark else "",
            f"[{colour}]{one.verdict}[/{colour}]" if one.verdict else "",
        )
    return table
