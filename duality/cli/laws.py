"""What must be equal between threads, events and the oracle, and whether it was.

Rules: a law is judged on what the runs left behind, never on what one of them says of another. Where the kernel or the
clock had a say (the real network, the real disk, sleeps, deadlines) nobody controls the schedule: there the steps need
not be equal, and the walked graphs only have to lie within the static one. Source: docs/meaning.md, the law.
"""

import pickle
import re
from collections.abc import Mapping

from attrs import frozen

from duality.cli.graph import first_difference, size
from duality.cli.outcome import Outcome
from duality.compiler.names import names
from duality.compiler.program import procedures
from duality.compiler.read import read
from duality.graph import BlockingGraph
from duality.spec.application import Application

SIDES = ("threads", "events", "oracle")
CLOCKS = frozenset({"sleep", "fail_after", "move_on_after", "now"})
OUTSIDE = frozenset({"io", "sleep"})
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")


@frozen
class Law:
    """One law, judged. cells: what to say of each side.   holds: None where the law does not bind here.

    said: one line.   difference: the first difference, if there is one.
    """

    name: str
    cells: Mapping[str, str]
    holds: bool | None
    said: str
    difference: str = ""


def asks_outside(app: Application, graph: BlockingGraph) -> bool:
    """Whether the kernel or the clock has a say in what an application does next."""
    if any(node.kind in OUTSIDE for node in graph.nodes):
        return True
    used = (names(read(function, owner)).verbs.values() for function, owner in procedures(app))
    return any(CLOCKS & set(verbs) for verbs in used)


def outputs(outcomes: Mapping[str, Outcome]) -> Law:
    """Equal values, or the same error; from traced and untraced runs alike."""
    first = outcomes[SIDES[0]]
    cells = {side: short(outcome.error or outcome.shown) for side, outcome in outcomes.items()}
    for side, outcome in outcomes.items():
        if not same(first, outcome):
            ends = [f"{one.on}: {one.error or one.shown}" for one in (first, outcome)]
            return Law("output", cells, False, f"{first.on} and {side} differ", "\n".join(ends))
    return Law("output", cells, True, "equal")


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two runs ended alike. Values whose classes do not say when they are equal are compared as shown."""
    if one.error is not None or other.error is not None:
        return one.error == other.error
    if _ADDRESS.sub("", one.shown) == _ADDRESS.sub("", other.shown):
        return True
    if one.value is None or other.value is None:
        return False
    return bool(pickle.loads(one.value) == pickle.loads(other.value))


def static_graphs(graphs: Mapping[str, BlockingGraph]) -> Law:
    """The graph read off the spec, off the events text and off the threads text."""
    texts = {"threads": "threads", "events": "events", "oracle": "spec"}
    cells = {side: size(graphs[text]) for side, text in texts.items()}
    difference = first_difference(dict(graphs))
    return Law("static graph", cells, not difference, "differ" if difference else "equal", difference)


def walked_graphs(outcomes: Mapping[str, Outcome], outside: bool) -> Law:
    """The edges that the runs walked."""
    first = outcomes[SIDES[0]]
    cells = {side: size(outcome.walked) for side, outcome in outcomes.items()}
    for side, outcome in outcomes.items():
        difference = first.walked.diff(outcome.walked, left=first.on, right=side)
        if difference:
            return _unequal("walked graph", cells, outside, f"{first.on} and {side} differ", str(difference))
    return Law("walked graph", cells, True, "equal")


def within(outcomes: Mapping[str, Outcome], static: BlockingGraph) -> Law:
    """No run leaves the static graph."""
    cells = {}
    found = ""
    for side, outcome in outcomes.items():
        inside = outcome.walked <= static
        cells[side] = f"{len(outcome.walked.edges)} of {len(static.edges)} edges" if inside else "leaves it"
        if not inside and not found:
            strange = [edge for edge in outcome.walked.edges if edge not in static]
            lonely = [node for node in outcome.walked.nodes if node not in static]
            found = f"{side} walked {(strange or lonely)[0]}, which the static graph does not have"
    return Law("  within static", cells, not found, "no" if found else "yes", found)


def traces(outcomes: Mapping[str, Outcome], outside: bool) -> Law:
    """Step by step: who was ready, who was chosen, what it passed, what it did."""
    first = outcomes[SIDES[0]]
    cells = {side: f"{len(outcome.steps)} steps" for side, outcome in outcomes.items()}
    for side, outcome in outcomes.items():
        if first.steps != outcome.steps:
            pairs = enumerate(zip(first.steps, outcome.steps, strict=False))
            shorter = min(len(first.steps), len(outcome.steps))
            place = next((at for at, (one, other) in pairs if one != other), shorter)
            both = [_step(one, place) for one in (first, outcome)]
            return _unequal("trace", cells, outside, f"{first.on} and {side} differ from step {place}", "\n".join(both))
    return Law("trace", cells, True, "equal at every step")


def _step(outcome: Outcome, place: int) -> str:
    what = str(outcome.steps[place]) if place < len(outcome.steps) else "has ended"
    return f"step {place}, {outcome.on}: {what}"


def _unequal(name: str, cells: Mapping[str, str], outside: bool, said: str, difference: str) -> Law:
    if outside:
        return Law(name, cells, None, "kernel, clock chose", difference)
    return Law(name, cells, False, said, difference)


def short(text: str, limit: int = 18) -> str:
    """``text`` in one line of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
