"""Why a run cannot go on: who waits for whom, and who could still signal whom.

Rule: every waiting task is told with what it needs: who holds the module, who is joined, who could still signal. The
first cause is told, and not what follows from it.

    a waiter that no other task can signal      lost wake-up (while the root waits; when it has ended, a leak)
    else, a circle of waits                     deadlock: of monitors | of stages that await replies
    else, the root waits                        deadlock, without a circle: the outside world owes an answer
    the root has ended, others wait             leak
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from duality.core.condition import Waiters
from duality.core.cycles import needs
from duality.errors import DeadlockError
from duality.proof.facts import Fact
from duality.proof.signals import Signals

Given = list[tuple[int, bool]]
"""The signals of a condition: of each the step, and whether anybody waited."""


def stuck(runtime: Any, modules: Sequence[tuple[str, Any]], given: Mapping[Waiters, Given]) -> list[Fact]:
    """Why nothing can go on: asked when everybody waits and nothing is pending. Empty if it is for an error.

    modules: each with its path.   given: the signals of each condition so far.
    """
    scheduler = runtime.scheduler
    if scheduler.failure is not None or any(not one.joined and one.error for one in scheduler.unjoined):
        return []  # whoever failed would have gone on
    living = sorted(scheduler.living, key=_birth)
    code = Signals(modules, runtime.helper_cells)
    arcs = {task: [(needed, "") for needed in needs(task.parked)] for task in living}
    lost = []
    for task in living:
        if isinstance(task.parked, Waiters):
            able = [one for one in living if one.parked is not task.parked and _could(runtime, code, one, task.parked)]
            arcs[task] = [(one, f", which {one} could signal") for one in able]
            if not able:
                lost.append(task)
    if scheduler.root.done:
        return [_leak(runtime, given, code, task) for task in living]
    if lost:
        return [_lost(runtime, given, code, task) for task in lost]
    circle = next((found for task in living if (found := _circle(task, arcs))), [])
    if not circle:
        return [_everybody(runtime, living)]
    tasks = [waiter for waiter, _, _ in circle]
    return [of_circle([_told(*arc) for arc in circle], tasks, _place(runtime, tasks[0]))]


def _could(runtime: Any, code: Signals, task: Any, waiters: Waiters) -> bool:
    stands = [walk.last for walk in runtime.recorder.activations.get(task, ())]
    return code.can_come(stands, waiters.name)


def _birth(task: Any) -> tuple[int, ...]:
    return tuple(map(int, task.name.split(".")))


def _circle(task: Any, arcs: dict[Any, Any]) -> list[tuple[Any, Any, str]]:
    """The arcs from ``task`` round to itself: who waits, whom for, and what to add; empty if there is no way."""
    came: dict[Any, tuple[Any, str]] = {}
    ahead = [task]
    while ahead and task not in came:
        one = ahead.pop(0)
        for needed, how in arcs.get(one, ()):
            if needed not in came:
                came[needed] = one, how
                ahead.append(needed)
    found: list[tuple[Any, Any, str]] = []
    needed = task
    while needed in came and not (found and needed is task):
        waiter, how = came[needed]
        found.append((waiter, needed, how))
        needed = waiter
    return found[::-1] if needed is task else []


def _told(waiter: Any, needed: Any, how: str) -> str:
    what = waiter.parked
    held = "" if what is needed else f", held by {needed}" if hasattr(what, "holder") else f", that is {needed}"
    return f"{waiter} waits for {what}{how or held}"


def circles(error: Any) -> Iterator[list[str]]:
    """The circle of each DeadlockError in an error, its group or its cause."""
    if isinstance(error, DeadlockError) and error.cycle:
        yield list(error.cycle)
    if error is not None:
        for one in (*getattr(error, "exceptions", ()), error.__cause__):
            yield from circles(one)


# -- facts -------------------------------------------------------------------------------------------------------------


def of_circle(circle: list[str], tasks: Sequence[Any] = (), place: str = "") -> Fact:
    """A deadlock in both vocabularies. circle: its arcs, as told; tasks: those who wait, if they wait still."""
    names = tuple(task.name for task in tasks) or tuple(arc.split()[1] for arc in circle)
    if any(", held by " in arc for arc in circle):
        both = "a cycle of monitors; among events, a cycle of stages that await replies"
    else:
        both = "each for the next to go on; among events, each awaits the next one's message"
    who = f"{len(circle)} tasks wait for one another" if len(circle) > 1 else f"task {names[0]} waits for itself"
    return Fact("deadlock", f"{who}, in a circle: {both}", place, None, names, tuple(circle))


def _everybody(runtime: Any, living: list[Any]) -> Fact:
    waits = "; ".join(f"{task} waits for {task.parked} at {runtime.where(task)}" for task in living)
    names = tuple(task.name for task in living)
    said = f"every task waits, and nothing that is pending would wake one: {waits}"
    return Fact("deadlock", said, _place(runtime, living[0]), None, names)


def _lost(runtime: Any, given: Mapping[Waiters, Given], code: Signals, task: Any) -> Fact:
    said = f"{task} waits for a signal of {task.parked.name} that no other task can give; {_history(given, code, task)}"
    return Fact("lost wake-up", said, _place(runtime, task), None, (task.name,))


def _leak(runtime: Any, given: Mapping[Waiters, Given], code: Signals, task: Any) -> Fact:
    said = f"the root has ended, and {task} waits for ever, for {task.parked}"
    if isinstance(task.parked, Waiters):
        said += f"; {_history(given, code, task)}"
    return Fact("leak", said, _place(runtime, task), None, (task.name,))


def _history(given: Mapping[Waiters, Given], code: Signals, task: Any) -> str:
    """Where the condition is signalled, and when it last was."""
    where = code.of(task.parked.name)
    signals = given.get(task.parked)
    told = f"it is signalled at {' and at '.join(where)}" if where else "no line signals it"
    if not signals:
        return f"{told}; it never was"
    step, waited = signals[-1]
    return f"{told}; it last was in step {step}, when {'somebody' if waited else 'nobody'} waited"


def _place(runtime: Any, task: Any) -> str:
    place = runtime.place(task)
    return f"{place[0]}:{place[1]}" if place else ""
