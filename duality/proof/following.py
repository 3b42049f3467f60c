"""To follow: play another run's choices, and stop as soon as anything else is offered."""

from collections.abc import Callable, Sequence
from typing import Any

from duality.core.recorder import Contradiction, Step
from duality.proof.schedule import Schedule, ScheduleError
from duality.proof.stalls import Stalled
from duality.proof.trial import Trial


class Parted(ScheduleError):
    """A follower is offered something else than the leader was, or goes on when the leader has ended.

    ``step``: from 0.   ``offered``: to the follower.   ``expected``: to the leader; None if it had ended.
    """

    def __init__(self, step: int, offered: Sequence[str], expected: Sequence[str] | None) -> None:
        told = "the run had ended" if expected is None else f"{' '.join(expected)} had been offered"
        super().__init__(f"step {step} offers {' '.join(offered)}, where {told}")
        self.step = step
        self.offered = tuple(offered)
        self.expected = expected


def following(leader: Trial) -> Schedule:
    """The schedule that makes the leader's choices; while it is played, it raises Parted.

    A leader that a watcher has stopped had made one choice more than steps: whoever looks on does so between the two.
    """
    steps, word = leader.steps, leader.word

    def choice(step: int, offered: Sequence[str]) -> int:
        if step >= len(word):
            raise Parted(step, offered, None)
        if step < len(steps) and steps[step].offered != offered:
            raise Parted(step, offered, steps[step].offered)
        return word[step]

    return Schedule(f"following({leader.on})", lambda: choice)


def unfinished(on: str, schedule: Schedule, run: Callable[[Schedule, Any], Trial]) -> Trial:
    """A run that breaks off with an error of the machine or of the schedule, as far as it came.

    run: makes the run (again) with the schedule and the watcher that it is given. Where the schedule was offered what
    it has no choice for, that is the last step, in which nothing happens. The outcome is the error, as ``cut``.
    """
    keep = _Keep()
    try:
        return run(keep.told(schedule), keep)
    except (ScheduleError, Contradiction) as broken:
        steps = keep.steps()
        if isinstance(broken, Parted):
            steps = (*steps, Step(broken.offered, broken.offered[0]))
        return Trial(on, steps, {"cut": str(broken)}, keep.recorder.graph(), (), tuple(schedule.word))


def stopped(on: str, stalled: Stalled) -> Trial:
    """A run that was broken off because a step did not end, as far as it came."""
    outcome = {"cut": str(stalled), "stalled": True}
    return Trial(on, stalled.steps, outcome, stalled.walked, (), stalled.word, stalled.place)


class _Keep:
    """A watcher that remembers how far the trace went before the run broke off.

    What is told later is of tasks that are unwound: it is no part of the run.
    """

    def __init__(self) -> None:
        self.recorder: Any = None
        self.mark = (0, 0, 0)

    def told(self, schedule: Schedule) -> Schedule:
        """The same schedule, telling of every choice before it is made."""
        ask = schedule._choice

        def choice(step: int, offered: Sequence[str]) -> int:
            self._mark()
            return ask(step, offered)

        schedule._choice = choice
        return schedule

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """The run begins."""
        self.recorder = runtime.recorder

    def rest(self, runtime: Any, task: Any) -> None:
        """A step is over."""
        if getattr(runtime.ready, "broken", None) is None:
            self._mark()

    def _mark(self) -> None:
        taken = self.recorder.steps
        last = (len(taken[-1].nodes), len(taken[-1].effects)) if taken else (0, 0)
        self.mark = (len(taken), *last)

    def steps(self) -> tuple[Step, ...]:
        """The trace up to the mark."""
        count, nodes, effects = self.mark
        taken = self.recorder.steps[:count]
        if taken:
            last = taken[-1]
            taken[-1] = Step(last.offered, last.task, last.nodes[:nodes], last.effects[:effects])
        return tuple(taken)
