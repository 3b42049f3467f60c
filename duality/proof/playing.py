"""One run of an exploration: the search makes the choices, and is told what each step touched.

Rule: nothing is traced. What an exploration compares is what is ready at every point and what a run ends with; the
nodes that a step passes are the business of ``check``, and each run of an exploration can be checked by its word.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

from duality.errors import DeadlockError, InvariantBroken, SpecError
from duality.graph import BlockingGraph
from duality.proof.fields import Reasons, Timed
from duality.proof.footprints import Footprints
from duality.proof.guard import Broken, Going, Guard
from duality.proof.looking import Looking, Sight
from duality.proof.outside import Outside
from duality.proof.reduction import Asleep, NondeterminismError, TooDeep
from duality.proof.spy import Spy
from duality.proof.stalls import Stalled
from duality.proof.trial import described, generators_dropped, state_of
from duality.proof.unrecorded import Unrecorded
from duality.spec.module import modules_below


@frozen
class Ended:
    """How a run ended. ``text``: all of it, canonical.   brief: value or error, in one line or few.

    deadlock: the cycle and who waits, if it ended so, else "".   word: the choices.
    """

    text: str
    brief: str
    deadlock: str
    word: tuple[int, ...]


@frozen
class Broke:
    """An invariant that was broken. ``word``: the choices after which it was; whatever comes then, it has been."""

    error: InvariantBroken
    word: tuple[int, ...]


class Player:
    """Plays one run; stands where a schedule does. ``left``: why the run was left before its end, if it was.

    sight: what is known of the invariants; without it, nobody asks them.   broke: those that were broken.
    """

    arrival = False

    def __init__(
        self, search: Any, seen: Footprints, reasons: Reasons, outside: Outside, sight: Sight | None = None
    ) -> None:
        self.search, self.seen, self.reasons, self.outside = search, seen, reasons, outside
        self.looking = Looking(seen, sight) if sight is not None else None
        self.broke: list[Broke] = []
        self.refused: SpecError | None = None
        self.runtime: Any = None
        self.steps = 0
        self.broken = False
        self.left: BaseException | None = None
        self.spy: Any = None
        self.enablers = 0
        self.modules: list[tuple[str, Any]] = []

    def play(self, build: Callable[[], Any], on: str, io: Any, crossing: str) -> Ended | None:
        """Run to the end and tell how it was; None if the run was left (see ``left``).

        Raises NondeterminismError, SpecError (state outside the modules was changed, an invariant does more than look);
        KeyboardInterrupt if there was one, Stalled if a step took longer than the guard over the run lets it.
        """
        timed = Timed(io, self.seen, self.reasons)
        told = Unrecorded(self._look) if self.looking is not None else None
        runtime = importlib.import_module(f"duality.{on}.runtime").Runtime(timed, self, None, crossing, told)
        self.runtime = runtime
        self.seen.enablers = {}
        self.spy = Spy(runtime, self.seen, self.reasons, self.outside.cells)
        round_ = runtime.scheduler.round
        runtime.scheduler.round = lambda: self._round(runtime, round_)
        modules = self.modules
        outcome: dict[str, Any] = {}
        going = Going(lambda: self.steps, self._break_off, self._late)
        with Guard(), generators_dropped() as dropped, going:
            try:
                value, stats = runtime.run(lambda: self._build(build))
                outcome["value"], outcome["tasks"] = repr(value), stats.tasks
            except (Asleep, TooDeep, NondeterminismError) as left:
                self.left = left
            except BaseException as error:
                if error is self.left:
                    raise
                outcome["error"] = error
        self._close()
        if self.refused is not None:
            raise self.refused
        if isinstance(self.left, NondeterminismError):
            raise self.left
        if self.left is not None:
            return None
        if self.steps < self.search.replayed:
            raise NondeterminismError(self.steps, self.search.points[self.steps].offered, ())
        self.outside.unchanged()
        outcome["dropped"] = len(dropped)
        return _ended(self.search, runtime, modules, outcome)

    def _break_off(self) -> None:
        self.broken = True

    def _late(self, place: str, seconds: float) -> Stalled:
        who = f"task {self.seen.task}" if self.steps else "the building of the application"
        said = f"{f'{place}: ' if place else ''}{who} has run for {seconds:g} s and come to no rest"
        return Stalled(said, place, (), BlockingGraph((), ()), self.search.word())

    def _build(self, build: Callable[[], Any]) -> list[tuple[str, Any]]:
        self.modules.extend(modules_below(build()))
        if self.looking is not None:
            self.looking.find(self.runtime, self.modules)
        return self.modules

    # -- asked by the ready queue --------------------------------------------------------------------------------------

    def choose(self, offered: Sequence[str]) -> int:
        """The position of the task that the search chooses. Raises Broken if the run was broken off."""
        if self.broken:
            raise Broken
        if self.steps:
            self._close()
        else:
            self.spy.look_over(self.modules)
        self._look()
        names = tuple(offered)
        task = self.search.choose(self.steps, names)
        self.enablers = self.seen.enablers.pop(task, 0)
        self.spy.begin(self.steps, task)
        self.steps += 1
        return names.index(task)

    def took(self, choice: int) -> None:
        """Not told: nothing is chosen by arrival."""

    def _close(self) -> None:
        """The step under way, if any, is over."""
        if self.seen.index >= 0:
            self.spy.end()
            if self.looking is not None:
                self.looking.over(self.runtime.recorder.last)
            index, task = self.seen.index, self.seen.task
            self.search.stepped(index, task, self.seen.end(), self.enablers)

    def _look(self) -> None:
        """Everybody rests: ask the invariants, unless an earlier run has come here by the same choices."""
        if self.looking is None:
            return
        known = len(self.looking.all)
        try:
            self.looking.look(self.runtime, self.runtime.recorder.last, self.steps, self.steps >= self.search.replayed)
        except SpecError as refused:
            self.refused = refused
            raise
        self.broke += [Broke(broken, tuple(self.search.word())) for broken in self.looking.all[known:]]

    def _round(self, runtime: Any, round_: Callable[[], bool]) -> bool:
        """Between two rounds. What happens here when nothing is ready is no step, and orders all steps."""
        self._close()
        entries = runtime.ready.entries
        ready = len(entries)
        going = round_()
        if not ready:
            self.search.at_rest(self.steps)
        elif len(entries) != ready:
            self.reasons.polls = True
        return going


def _ended(search: Any, runtime: Any, modules: Sequence[tuple[str, Any]], outcome: dict[str, Any]) -> Ended:
    error = outcome.get("error")
    deadlock = str(error) if isinstance(error, DeadlockError) else ""
    brief = f"value {outcome['value']}" if error is None else f"{type(error).__name__}: {error}"
    if error is not None:
        outcome["error"] = described(error)
    outcome["leaked"] = runtime.scheduler.leaked
    outcome["living"] = [task.name for task in runtime.scheduler.living]
    outcome["state"] = {path: state_of(instance) for path, instance in modules}
    outcome["held"] = {path: str(instance._duality_gate.holder) for path, instance in modules}
    text = "\n".join(f"{key}: {value}" for key, value in outcome.items())
    return Ended(text, brief, deadlock, tuple(search.word()))
