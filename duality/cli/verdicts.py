"""What a check prints: the laws one under the other, what was run, and the finding if there is one.

Rules: a law that was not put to the test is not said to hold. Eighty columns are enough on a terminal; in a file
nothing is folded or cut off.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from duality.cli import figures
from duality.cli.progress import figure
from duality.cli.table import LAYOUT, show
from duality.cli.table import verdict as judged
from duality.proof.checked import Checked, declared, shares
from duality.proof.verdict import LAWS, Verdict


def full(console: Console, one: Checked) -> None:
    """All of one check, as a table."""
    assert one.app is not None
    assert one.verdict is not None
    made = Table(title=Text(f"{one.app.name}   {one.file}", style="bold"), title_justify="left", **LAYOUT)
    made.show_header = False
    made.add_column("", style="bold", no_wrap=True)
    made.add_column("", overflow="fold")
    made.add_column("", no_wrap=True)
    written = declared(one.app)
    for law, says in LAWS.items():
        held = _explored(one) if law == "L6" else _everywhere(law, one)
        made.add_row(law, says, held if held is not None else _held(law, one.verdict, written))
    made.add_section()
    for name, what, note in _ran(one, one.verdict):
        made.add_row(name, what, Text(note, style="dim"))
    for name, counts in one.explored.items():
        took = Text(figures.seconds(counts["seconds"]), style="dim")
        made.add_row("all schedules", f"{name}: {_counts(counts)}", took)
    show(console, made)


def _counts(counts: Mapping[str, Any]) -> str:
    without = f"{'' if counts['counted'] else 'about '}{counts['without reduction']:,}"
    ends = f"outcomes: {counts['outcomes']}, deadlocks: {counts['deadlocks']}"
    if counts["invariants"]:
        ends += f", invariants broken: {counts['broken']} of {counts['invariants']}"
    return f"{counts['schedules']:,} run of {without}; {ends}"


def _explored(one: Checked) -> Text:
    """What an exploration proved, which it did only if nothing cut it short and there was something to compare."""
    found = one.verdict.finding if one.verdict is not None else None
    if found is not None and found.law == "L6":
        return judged(False, "broken")
    if not one.explored:
        return judged(None, "not explored")
    cut = next((counts for counts in one.explored.values() if counts["cut"]), None)
    if cut is not None:
        return judged(None, f"to {cut['depth']} steps, not proved")
    return judged(True, "proved") if len(one.explored) > 1 else judged(None, "not compared")


def _everywhere(law: str, one: Checked) -> Text | None:
    """What is said of the invariants where an exploration has asked them; None if it has not, or is cut short."""
    counts, found = one.explored.values(), one.verdict.finding if one.verdict is not None else None
    asked = law == "invariant" and any(each["invariants"] for each in counts)
    if not asked or (found is not None and found.law == law):
        return None
    if any(each["broken"] for each in counts):
        return judged(None, "broken in some schedules")  # which is allowed, or was not what was found first
    if any(each["cut"] for each in counts):
        return None
    return judged(True, "held in all schedules")


def _held(law: str, verdict: Verdict, written: dict[str, int]) -> Text:
    found = verdict.finding
    if found is not None and found.law == law:
        return judged(False, "broken")
    if law in verdict.allowed:
        return judged(None, f"allowed, {verdict.allowed[law]:,} times")
    if written.get(law) == 0:
        return judged(None, "none written")
    return judged(True, "held" if found is None else "held so far")


def _ran(one: Checked, verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    rate = f"{figure(verdict.schedules / verdict.seconds)} a second" if verdict and verdict.seconds else ""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in shares(one).items())
    yield "schedules", f"{verdict.schedules:,} of {one.asked.schedules:,}: {kinds}", rate
    yield "runs", f"{verdict.runs:,}, crossing {' and '.join(one.asked.crossings)}", f"{verdict.steps:,} steps"
    left = verdict.edges_total - verdict.edges
    yield "edges walked", f"{verdict.edges} of {verdict.edges_total}", f"{left} never" if left else "all"
    yield "time", figures.seconds(one.wall), f"CPU {figures.seconds(one.cpu)}"


def line(one: Checked) -> Text:
    """A check in one line."""
    verdict = one.verdict
    assert verdict is not None
    assert one.app is not None
    where = f"{one.file}:{one.app.name}"
    if verdict.finding is not None:
        return judged(False, f"{where}  {verdict.finding.law}")
    allowed = "".join(f"  {law} {count:,}x, allowed" for law, count in verdict.allowed.items())
    edges = f"{verdict.edges}/{verdict.edges_total} edges"
    return judged(True, f"{where}  {verdict.schedules:,} schedules  {edges}  {figures.seconds(one.wall)}{allowed}")


def once(name: str, verdict: Verdict, said: str = "") -> Text:
    """One schedule in one line. said: how it was played, where that needs to be told."""
    did = f"{verdict.runs} runs of one schedule, {verdict.steps} steps"
    end = "every law held" if verdict else "a law was broken" if said else "it shows again"
    return judged(bool(verdict), f"{name}  {did}: {end}{f' ({said})' if said else ''}")


def refused(one: Checked) -> Text:
    """One that could not be checked, and why."""
    return judged(False, f"{one.file}  not checked\n{one.refused}")


def total(checks: Sequence[Checked]) -> Text:
    """All the checks, summed up."""
    verdicts = [one.verdict for one in checks if one.verdict is not None]
    held, findings = sum(map(bool, verdicts)), sum(not one for one in verdicts)
    count, schedules = len(checks), sum(one.schedules for one in verdicts)
    said = f"{count} application{'' if count == 1 else 's'}: {held} held"
    said += f", {findings} with a finding" if findings else ""
    said += f", {count - len(verdicts)} not checked" if count > len(verdicts) else ""
    return Text(f"{said}; {schedules:,} schedules in {figures.seconds(sum(one.wall for one in checks))}", style="bold")
