"""The law as functions: given what runs left behind, None if it holds, or the finding that says where it does not.

Rules: a law is judged on two trials that each came from its own runtime's mechanism, never on what one of them says of
another. The first difference is what is told. Nothing here runs anything.

Source: docs/meaning.md, the law.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from duality.core.recorder import Step
from duality.graph import BlockingGraph, Node
from duality.proof.trial import Trial
from duality.proof.verdict import Finding


def first_difference(one: Sequence[Any], other: Sequence[Any]) -> int | None:
    """The first place at which two sequences differ; where the shorter ends, if that is all. None if they are equal."""
    if one == other:
        return None
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def same_steps(one: Trial, other: Trial) -> Finding | None:
    """L1: the same choices offered, the same choice and the same step, at every scheduling point."""
    step = first_difference(one.steps, other.steps)
    if step is None:
        return None
    return Finding("L1", f"{one.on} and {other.on} part at step {step}: {unlike(one, other, step)}", step=step,
                   trials=(one, other))  # fmt: skip


def unlike(one: Trial, other: Trial, step: int) -> str:
    """What is different about a step of two trials, in a few words."""
    for long, short in ((one, other), (other, one)):
        if step >= len(short.steps):
            return f"{short.on} has ended, and {long.on} goes on with {long.steps[step].task}"
    left, right = one.steps[step], other.steps[step]
    if left.offered != right.offered:
        return f"{one.on} offers {' '.join(left.offered)}, {other.on} offers {' '.join(right.offered)}"
    if left.task != right.task:
        return f"{one.on} chose {left.task}, {other.on} chose {right.task}"
    if left.nodes != right.nodes:
        return f"{one.on} passed {_passed(left, right)}, {other.on} passed {_passed(right, left)}"
    return f"{one.on} did {_did(left, right)}, {other.on} did {_did(right, left)}"


def _passed(mine: Step, theirs: Step) -> str:
    place = first_difference(mine.nodes, theirs.nodes)
    return str(mine.nodes[place]) if place is not None and place < len(mine.nodes) else "no more"


def _did(mine: Step, theirs: Step) -> str:
    place = first_difference(mine.effects, theirs.effects)
    return mine.effects[place] if place is not None and place < len(mine.effects) else "nothing more"


def blamed(one: Trial, other: Trial, step: int) -> Node | None:
    """The node of the spec at which two trials part: the first that only one of them passed, or else the last."""
    steps = [trial.steps[step] for trial in (one, other) if step < len(trial.steps)]
    if len(steps) == 2:
        place = first_difference(steps[0].nodes, steps[1].nodes)
        found = [taken.nodes[place] for taken in steps if place is not None and place < len(taken.nodes)]
        if found:
            return found[0]
    return next((taken.nodes[-1] for taken in steps if taken.nodes), None)


def same_end(one: Trial, other: Trial) -> Finding | None:
    """L2: the same outcome, aspect by aspect, and the same operations asked of the I/O core."""
    for aspect in (*one.outcome, *other.outcome) if one.outcome != other.outcome else ():
        left, right = one.outcome.get(aspect), other.outcome.get(aspect)
        if left != right:
            said = f"the runs end differently, {aspect} of {one.on}: {left}, of {other.on}: {right}"
            return Finding("L2", said, trials=(one, other))
    place = first_difference(one.asked, other.asked)
    if place is None:
        return None
    asked = [f"{t.on} asks {t.asked[place] if place < len(t.asked) else 'nothing more'}" for t in (one, other)]
    return Finding("L2", f"operation {place} of the I/O core: {', '.join(asked)}", trials=(one, other))


_MOST_WALKS = 1024  # of which it is known that they lie within


class Static:
    """The static graph, and what is asked of it at every run."""

    def __init__(self, graph: BlockingGraph) -> None:
        self.graph = graph
        self.nodes = frozenset(graph.nodes)
        self.edges = frozenset(graph.edges)
        self.within: dict[int, BlockingGraph] = {}  # walks that have been found to be, by identity: most are the same

    def holds(self, trial: Trial) -> Finding | None:
        """L3: what a run walked lies within the static graph."""
        walked = trial.walked
        if self.within.get(id(walked)) is walked:
            return None
        if self.edges.issuperset(walked.edges) and self.nodes.issuperset(walked.nodes):
            if len(self.within) >= _MOST_WALKS:
                self.within.clear()
            self.within[id(walked)] = walked
            return None
        strange: list[Any] = [edge for edge in walked.edges if edge not in self.edges]
        strange += [node for node in walked.nodes if node not in self.nodes]
        said = f"{trial.on} walked {strange[0]}, which the static graph does not have"
        return Finding("L3", said, trials=(trial,))


def same_walk(one: Trial, other: Trial) -> Finding | None:
    """L3: two runs of the same steps have walked the same graph."""
    if one.walked is other.walked or one.walked == other.walked:
        return None
    difference = str(one.walked.diff(other.walked, left=one.on, right=other.on)).strip().splitlines()
    return Finding("L3", f"{one.on} and {other.on} walked different graphs: {difference[0]}", trials=(one, other))


def same_texts(graphs: Mapping[str, BlockingGraph]) -> Finding | None:
    """L3: the readers of the three texts (``graphs``, by the text's name) find one static graph."""
    (name, first), *others = graphs.items()
    for text, graph in others:
        difference = str(first.diff(graph, left=name, right=text)).strip().splitlines()
        if first != graph:
            said = f"the static graph of the {name} text is not that of the {text} text: {' '.join(difference[:2])}"
            return Finding("L3", said)
    return None


def same_again(first: Trial, again: Trial) -> Finding | None:
    """L5: the same run made twice is, byte for byte, the same text. Otherwise something else had a say in it."""
    # Equal steps of the very same nodes are the same text, and need not be written to see it.
    if (first.walked is again.walked and first == again) or written(first) == written(again):
        return None
    step = first_difference([str(step) for step in first.steps], [str(step) for step in again.steps])
    if step is None:
        step = len(first.steps)
    said = f"uncontrolled nondeterminism at step {step}: {first.on} made the same run twice, and "
    if step < max(len(first.steps), len(again.steps)):
        said += f"the second is another one: {unlike(first, again, step)}"
    else:
        ends = next((key for key in first.outcome if first.outcome[key] != again.outcome.get(key)), "what it asked")
        said += f"they end differently: {ends}"
    return Finding("nondeterminism", said, step=step, trials=(first, again))


def written(trial: Trial) -> str:
    """All of a trial as text."""
    return "\n".join([str(trial), *trial.asked, str(trial.walked), str(trial.word)])
