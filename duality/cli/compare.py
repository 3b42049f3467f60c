"""``duality compare``: one application on threads, on events and uncompiled, and what must be equal between them."""

import sys
from collections.abc import Sequence
from statistics import mean

import click
from rich.console import Console

from duality.cli import figures, laws
from duality.cli.given import Given, SpecCommand
from duality.cli.graph import three_graphs
from duality.cli.laws import SIDES, Law
from duality.cli.outcome import Outcome, Request
from duality.cli.run import CROSSING, SEED
from duality.cli.table import add_figures, add_law, show, side_by_side
from duality.cli.workers import ask

ROUNDS = (*SIDES, *reversed(SIDES))  # A B C C B A: what drifts with time hits all alike


@click.command("compare", cls=SpecCommand, short_help="Run on all three; print what is equal, and the cost.")
@CROSSING
@SEED
def command(given: Given, crossing: str, schedule_seed: int | None) -> int:
    """Run an application on threads, on events and uncompiled; print side by side what came of it.

    Each run has a process of its own. Once with a trace, to compare; then without, interleaved, to measure. Exit status
    1 if anything differs that must be equal.
    """
    app, file, params = given.app, given.file, given.params
    graphs = three_graphs(app)  # refuses here, before any process is started, what cannot be compiled
    asked = {side: Request("trace", side, file, app.name, params, crossing, schedule_seed) for side in SIDES}
    traced = {side: ask(request) for side, request in asked.items()}
    measured: dict[str, list[Outcome]] = {side: [] for side in SIDES}
    for side in ROUNDS:
        request = asked[side]
        measured[side].append(ask(Request("measure", side, request.file, request.app, params, crossing, schedule_seed)))
    outside = laws.asks_outside(app, graphs["spec"])
    judged = [
        laws.outputs(traced),
        laws.static_graphs(graphs),
        laws.walked_graphs(traced, outside),
        laws.within(traced, graphs["spec"]),
        laws.traces(traced, outside),
        untraced(traced, measured),
    ]
    _print(f"{app.name}   {app.file}", judged, traced, measured)
    _failures(traced)
    return _differences(judged)


def untraced(traced: dict[str, Outcome], measured: dict[str, list[Outcome]]) -> Law:
    """A trace must not change what a run gives; nor must the second run differ from the first."""
    for side in SIDES:
        for outcome in measured[side]:
            judged = laws.outputs({SIDES[0]: traced[side], side: outcome})
            if not judged.holds:
                return Law("untraced output", {}, False, f"{side} differs from its traced run", judged.difference)
    return Law("untraced output", dict.fromkeys(SIDES, "as traced"), True, "equal")


def _print(title: str, judged: Sequence[Law], traced: dict[str, Outcome], measured: dict[str, list[Outcome]]) -> None:
    table = side_by_side(title, SIDES)
    for law in judged:
        add_law(table, law, SIDES)
    table.add_section()
    units = {"threads": "switches", "events": "messages", "oracle": "switches"}
    moves = {side: f"{outcome.moves} {units[side]}" for side, outcome in traced.items()}
    add_figures(table, "moves", moves, SIDES)
    add_figures(table, "tasks", {side: str(outcome.tasks) for side, outcome in traced.items()}, SIDES)
    runs = sum(one.runs for ones in measured.values() for one in ones)
    wall = {side: figures.seconds(mean(one.wall for one in ones)) for side, ones in measured.items()}
    cpu = {side: figures.seconds(mean(one.cpu for one in ones)) for side, ones in measured.items()}
    peak = {side: figures.size(max(one.peak for one in ones)) for side, ones in measured.items()}
    grown = {side: figures.size(max(one.grown for one in ones)) for side, ones in measured.items()}
    add_figures(table, "wall, a run", wall, SIDES, f"{runs} untraced runs")
    add_figures(table, "CPU, a run", cpu, SIDES)
    add_figures(table, "peak memory", peak, SIDES, "whole process")
    add_figures(table, "  grown by", grown, SIDES, "while it ran")
    show(Console(highlight=False), table)


def _failures(traced: dict[str, Outcome]) -> None:
    """The errors that the runs ended with, in full: a cell of the table has no room for them."""
    told: dict[str, list[str]] = {}
    for side, outcome in traced.items():
        if outcome.error is not None:
            told.setdefault(outcome.told, []).append(side)
    for text, sides in told.items():
        print(f"\n{' and '.join(sides) if len(sides) < len(SIDES) else 'all three'} ended with an error:\n{text}")


def _differences(judged: Sequence[Law]) -> int:
    broken = [law for law in judged if law.holds is False]
    sys.stdout.flush()
    for law in broken[:1]:
        print(f"first difference: {law.name.strip()}: {law.said}\n{law.difference}", file=sys.stderr)
    return int(bool(broken))
