"""Finding a circle of waits at the moment the last arc would close it.

Rule: only definite waits count, a held module and a join. A condition may be signalled by anybody, so it is no arc;
if such waits starve, the end of the run finds them instead.
"""

from typing import Any

from duality.errors import DeadlockError


def refuse_cycle(task: Any, wanted: Any) -> None:
    """Raise DeadlockError, naming the cycle, if ``task`` waiting for ``wanted`` could never end.

    ``wanted`` is a gate or a task: anything whose ``waits_for()`` names the task it depends on. Costs one look per arc.
    """
    circle: list[str] = []
    waiter, holder = task, wanted.waits_for()
    while holder is not None:
        circle.append(f"task {waiter.name} waits for {wanted}" + ("" if wanted is holder else f", held by {holder}"))
        if holder is task:
            raise DeadlockError(f"deadlock: task {task.name} would wait for itself, in a cycle", cycle=circle)
        waiter, wanted = holder, holder.parked
        # No loop without us can exist: the call that would have closed it was refused right here.
        holder = wanted.waits_for() if hasattr(wanted, "waits_for") else None
