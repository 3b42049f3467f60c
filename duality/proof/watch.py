"""The watcher that says why a run cannot go on, and what it leaves: deadlock, lost wake-up, leak.

Rules:
- It looks at the moment when nothing is ready and nothing pending, before anybody is cancelled for it (``stuck.py``);
  what comes after that, or after an error, is a consequence and no finding.
- What was not closed is read when the last task has ended, and before the I/O core closes it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from duality.core.condition import Waiters
from duality.proof.facts import Fact
from duality.proof.stuck import Given, circles, of_circle, stuck
from duality.spec.module import conditions


class Watch:
    """A watcher (see ``trial``). ``facts``: what it has found, the gravest first; it ends no run.

    Costs a call for each signal, and some milliseconds when a run is stuck.
    """

    def __init__(self) -> None:
        self.begin(None, ())

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """Listen to every condition, also of modules that are built later; and be told when nothing can go on."""
        self.facts: list[Fact] = []
        self.modules = modules
        self.signals: dict[Waiters, Given] = {}  # of each: the step, and whether anybody waited
        self.over = False
        if runtime is None:
            return
        equip, waits = runtime.equip, runtime.scheduler.waits

        def equipped(instance: Any, path: str = "") -> None:
            equip(instance, path)
            self._listen(runtime, instance)

        def asked() -> Any:  # the scheduler asks where everybody waits when nothing can go on, and then only
            if not self.over:
                self.over = True
                self.facts += stuck(runtime, self.modules, self.signals)
            return waits()

        runtime.equip, runtime.scheduler.waits = equipped, asked
        for _, instance in modules:
            self._listen(runtime, instance)

    def _listen(self, runtime: Any, instance: Any) -> None:
        for _, condition in conditions(instance):
            waiters = condition.waiters
            if waiters is not None and waiters not in self.signals and waiters.notify is not None:
                self.signals[waiters] = []
                waiters.notify = self._noting(runtime, waiters.notify)

    def _noting(self, runtime: Any, tell: Callable[..., None]) -> Callable[..., None]:
        def told(what: str, waiters: Waiters) -> None:
            tell(what, waiters)
            self.signals[waiters].append((len(runtime.recorder.steps) - 1, bool(waiters.queue)))

        return told

    def rest(self, runtime: Any, task: Any) -> None:
        """When the run is over: see whether it ended by a circle, and what is open."""
        scheduler = runtime.scheduler
        if scheduler.living:
            return
        errors = [scheduler.failure, *(one.error for one in scheduler.unjoined if not one.joined)]
        errors = [error for error in errors if error is not None]
        if not self.facts:
            self.facts += [of_circle(circle) for error in errors for circle in circles(error)][:1]
        if not errors:
            for one in getattr(runtime.io, "leaked", tuple)():
                self.facts.append(Fact("leak", f"{one} was not closed: the run is over, and it is open"))


def diagnose(watch: Watch, *others: Any) -> tuple[Fact, ...]:
    """Everything that the watchers of a run have found, the first cause first. others: those that have ``facts``."""
    return tuple(fact for one in (watch, *others) for fact in one.facts)
