"""Finding a circle of waits at the moment the last arc would close it.

Rules: only definite waits count: a held module, a join, the end of a scope. A condition may be signalled by anybody, so
it is no arc; if such waits starve, the end of the run finds them instead. The search goes both ways at once, one arc
here and one there, and is over when either has nowhere to go: a caller for whom nobody waits closes no circle, however
many stand before it.

    ahead      whom does it need?     ``waits_for()`` of whatever a task is parked at
    behind     who needs it?          its joiners, the leaver of its scope, the queues of the modules that it holds
"""

from collections.abc import Iterator
from typing import Any

from duality.errors import DeadlockError


def refuse_cycle(task: Any, wanted: Any) -> None:
    """Raise DeadlockError, naming the cycle, if ``task`` waiting for ``wanted`` could never end.

    Costs one look per arc of the shorter way. A circle that does not pass through ``task`` is not its own, and no
    reason to refuse it.
    """
    circle = find_cycle(task, wanted)
    if circle:
        raise DeadlockError(f"deadlock: task {task.name} would wait for itself, in a cycle", cycle=circle)


def find_cycle(task: Any, wanted: Any) -> list[str]:
    """The arcs from ``task``, which waits or would wait for ``wanted``, round to itself; empty if there is no way."""
    if not _closes(task, wanted):
        return []
    came: dict[Any, tuple[Any, Any]] = {}  # a task: who waits for it, and at what
    for waiter, what, needed in _ahead(task, wanted):
        came[needed] = waiter, what
    return _told(task, came)


def _closes(task: Any, wanted: Any) -> bool:
    targets = needs(wanted)
    if not task.joiners and not task.held and task.scope is None:  # as mostly: nobody waits for whoever asks
        return task in targets
    behind, ahead = _behind(task), _ahead(task, wanted)
    while True:
        waiter = next(behind, None)
        if waiter is None:
            return False
        if waiter in targets:
            return True
        arc = next(ahead, None)
        if arc is None:
            return False
        if arc[2] is task:
            return True


def _ahead(task: Any, wanted: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Each arc (who waits, at what, whom it needs) that leads to somebody new, as far as ``task``."""
    met: set[Any] = set()
    ahead = [(task, wanted, needed) for needed in needs(wanted)]
    while ahead:
        arc = ahead.pop()
        needed = arc[2]
        if needed not in met:
            met.add(needed)
            yield arc
            if needed is task:
                return
            ahead += [(needed, needed.parked, further) for further in needs(needed.parked)]


def _behind(task: Any) -> Iterator[Any]:
    """``task`` and everybody who could not go on without it, each once."""
    met: set[Any] = set()
    behind = [iter((task,))]
    while behind:
        needing = next(behind[-1], None)
        if needing is None:
            behind.pop()
        elif needing not in met:
            met.add(needing)
            yield needing
            behind.append(needing.needed_by())


def needs(parking: Any) -> tuple[Any, ...]:
    """The tasks that must go on before whoever is parked there can; none if nobody in particular must."""
    return tuple(parking.waits_for()) if hasattr(parking, "waits_for") else ()


def _told(task: Any, came: dict[Any, tuple[Any, Any]]) -> list[str]:
    arcs = []
    needed = task
    while True:
        waiter, what = came[needed]
        held = "" if what is needed else f", held by {needed}" if hasattr(what, "holder") else f", that is {needed}"
        arcs.append(f"task {waiter.name} waits for {what}{held}")
        needed = waiter
        if waiter is task:
            return arcs[::-1]
