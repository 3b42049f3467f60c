"""A step that does not end: what is told of it, and the run as far as it went.

Rule: the trace is cut where the step first comes to a node again, so that it is the same whenever it was broken off.
"""

from collections import Counter
from collections.abc import Callable

from duality.core.recorder import Recorder, Step
from duality.graph import BlockingGraph
from duality.proof.schedule import Schedule, ScheduleError

_ROUND = 3  # times that a node is passed in one step until we speak of a loop


class Stalled(ScheduleError):
    """A run that was broken off because a step did not end; ``str()`` says which.

    place: ``file:line`` of the spec, where it was then, or "".   steps, walked, word: of the run, as far as it went.
    """

    def __init__(self, said: str, place: str, steps: tuple[Step, ...], walked: BlockingGraph, word: list[int]) -> None:
        super().__init__(said)
        self.place = place
        self.steps = steps
        self.walked = walked
        self.word = tuple(word)


def late(recorder: Recorder, schedule: Schedule) -> Callable[[str, float], Stalled]:
    """What makes the error for a traced run; asked while the step is under way, with the place and the seconds."""

    def stalled(place: str, seconds: float) -> Stalled:
        steps = recorder.steps[:-1] + [_once(step) for step in recorder.steps[-1:]]
        said = f"{_procedure(recorder)} has run for {seconds:g} s and come to no rest"
        return Stalled(said, place, tuple(steps), recorder.graph(), schedule.word)

    return stalled


def _procedure(recorder: Recorder) -> str:
    """The procedure that does not come to its end: the outermost that goes round, or else the one that is under way."""
    walk, last = recorder.activations.get(recorder.last), recorder.last
    if walk:
        passed = Counter(recorder.steps[-1].nodes)
        most = max(passed.values(), default=0)
        often = {node.procedure for node, count in passed.items() if count >= max(most - 1, _ROUND)}
        return next((one.last.procedure for one in walk if one.last.procedure in often), walk[-1].last.procedure)
    return f"task {last.name}" if last is not None else "the building of the application"


def _once(step: Step) -> Step:
    """``step`` up to the first node that it passed a second time, as a copy: the one under way may grow."""
    met, nodes = set(), []
    for node in step.nodes:
        nodes.append(node)
        if node in met:
            return Step(step.offered, step.task, nodes, [])
        met.add(node)
    return Step(step.offered, step.task, nodes, list(step.effects))
