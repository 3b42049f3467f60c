"""Finding a circle of waits at the moment the last arc would close it.

Rule: only definite waits count: a held module, a join, the end of a scope. A condition may be signalled by anybody, so
it is no arc; if such waits starve, the end of the run finds them instead. ``waits_for()`` of whatever a task is parked
at gives every task that it needs.
"""

from typing import Any

from duality.errors import DeadlockError


def refuse_cycle(task: Any, wanted: Any) -> None:
    """Raise DeadlockError, naming the cycle, if ``task`` waiting for ``wanted`` could never end.

    Costs one look per arc. A circle that does not pass through ``task`` is not its own, and no reason to refuse it.
    """
    circle = find_cycle(task, wanted)
    if circle:
        raise DeadlockError(f"deadlock: task {task.name} would wait for itself, in a cycle", cycle=circle)


def find_cycle(task: Any, wanted: Any) -> list[str]:
    """The arcs from ``task``, which waits or would wait for ``wanted``, round to itself; empty if there is no way."""
    came: dict[Any, tuple[Any, Any]] = {}  # a task: who waits for it, and at what
    ahead = [(task, wanted, needed) for needed in needs(wanted)]
    while ahead:
        waiter, what, needed = ahead.pop()
        if needed in came:
            continue
        came[needed] = waiter, what
        if needed is task:
            return _told(task, came)
        ahead += [(needed, needed.parked, further) for further in needs(needed.parked)]
    return []


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
