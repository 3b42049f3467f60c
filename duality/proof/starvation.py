"""Starvation: a task that stands where others pass it by, without end.

Rules:
- It stands in a queue of a module or at a condition, and is not ready. A ready task that a schedule leaves out is the
  schedule's doing (``passed_over``), and nobody's fault.
- A wake-up that leads straight back to the same wait is no progress: Mesa's waiter looks again, and finds that
  somebody else was quicker.
- Passing it by is to go through the very procedure that it stands in, to the end, of the same module. Which of several
  modules of one class that was, a trace does not say; there only wake-ups that came to nothing count.

Source: Lampson & Redell 1980, section 2 (a signal is a hint, so others may come first).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from attrs import define

from duality.core.recorder import Step
from duality.graph import Node
from duality.proof.facts import Fact


class Starved(Exception):
    """A run that was ended because a task starves. ``fact``: which, where, and how often it was passed by."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact.said)
        self.fact = fact
        self.file, _, line = fact.place.rpartition(":")
        self.line = int(line or 0)


@define
class Stand:
    """A task at rest at ``node``. since: the step that led there.   stood: scheduling points at which it was not ready.

    passed: how often others have ended the same procedure.   vain: how often it woke, and went back to the same wait.
    """

    node: Node
    since: int
    stood: int = 0
    passed: int = 0
    vain: int = 0


class Starvation:
    """A watcher (see ``trial``) that finds a task which has stood for more than ``bound`` scheduling points, while
    others have passed it by more often than there are tasks.

    stop: end the run with Starved, which has no end else.   facts: what was found.   passed_over: the longest row of
    scheduling points at which the schedule left out a task that was ready, by its name.
    Looks at the trace after every ``bound`` steps: a shorter run costs nothing.
    """

    def __init__(self, bound: int = 1000, stop: bool = True) -> None:
        if bound < 1:
            raise ValueError(f"a bound is a number of scheduling points, at least 1, not {bound}")
        self.bound = bound
        self.stop = stop
        self.begin(None, ())

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """Start anew."""
        self.facts: list[Fact] = []
        self.passed_over: Counter[str] = Counter()
        self._row: Counter[str] = Counter()
        self._standing: dict[str, Stand] = {}
        self._seen = 0
        self._classes = {id(one): type(one) for _, one in modules}
        self._kept = [one for _, one in modules]  # so that an identity stays one module's
        if runtime is not None:
            self._hear_of_more(runtime)

    def _hear_of_more(self, runtime: Any) -> None:
        """Modules that are built while the run goes on count, too."""
        equip = runtime.equip

        def equipped(instance: Any, path: str = "") -> None:
            equip(instance, path)
            self._classes[id(instance)] = type(instance)
            self._kept.append(instance)

        runtime.equip = equipped

    def rest(self, runtime: Any, task: Any) -> None:
        """Look at the steps since it looked last, if they are many enough. Raises Starved, once."""
        steps = runtime.recorder.steps
        if len(steps) - self._seen < self.bound or self.facts:
            return
        for number in range(self._seen, len(steps)):
            self._take(number, steps[number])
        self._seen = len(steps)
        living = len(runtime.scheduler.living)
        for name, stand in self._standing.items():
            if stand.stood > self.bound and self._times(stand) > living:
                self.facts.append(self._fact(runtime, name, stand))
                if self.stop:
                    raise Starved(self.facts[-1])
                return

    def _take(self, number: int, step: Step) -> None:
        ended = Counter(node.procedure for node in step.nodes if node.kind == "end")
        for name in step.offered:
            self._row[name] += 1
            self.passed_over[name] = max(self.passed_over[name], self._row[name] - (name == step.task))
        del self._row[step.task]
        for name, stand in self._standing.items():
            if name != step.task:
                stand.stood += name not in step.offered
                stand.passed += ended[stand.node.procedure]
        mine, last = self._standing.get(step.task), step.nodes[-1] if step.nodes else None
        if mine is not None and set(step.nodes) == {mine.node}:
            mine.vain += 1
        elif last is not None and last.kind in ("enter", "wait"):
            self._standing[step.task] = Stand(last, number)
        else:
            self._standing.pop(step.task, None)

    def _times(self, stand: Stand) -> int:
        """How often others have surely passed it by."""
        cls = stand.node.procedure.rpartition(".")[0]
        # A class that a side has dressed is called as the class of the spec that it derives from.
        modules = sum(cls in {_name(base) for base in one.__mro__} for one in self._classes.values())
        return max(stand.vain, stand.passed if modules <= 1 else 0)

    def _fact(self, runtime: Any, name: str, stand: Stand) -> Fact:
        task = next(task for task in runtime.scheduler.living if task.name == name)
        codes = runtime.codes.get(stand.node.procedure, ())
        place = next((f"{code.co_filename}:{stand.node.line}" for code in codes), "")
        vain = f"; it woke {stand.vain} times, and each time went back to the same wait" if stand.vain else ""
        said = (
            f"{task} has stood at {stand.node} since step {stand.since}, and others have gone through"
            f" {stand.node.procedure} {stand.passed} times meanwhile{vain}"
        )
        return Fact("starvation", said, place, stand.since, (name,))


def _name(cls: type) -> str:
    return cls.__qualname__.rpartition("<locals>.")[2]
