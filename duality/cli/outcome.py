"""What a run in a process of its own is asked, and what it answers. Both travel between the processes, pickled."""

from typing import Any, Literal

from attrs import field, frozen

from duality.core.recorder import Step
from duality.graph import BlockingGraph

Task = Literal["trace", "measure", "serve"]


@frozen
class Request:
    """What a worker is to do.

    task: ``trace`` one run; ``measure`` untraced ones; ``serve`` the web server traced, until it is told to stop.
    file, app: the spec, by the name it was given, and the application in it (not for ``serve``).   on: the side.
    params: the application's.   crossing, seed: as for ``duality run``.
    """

    task: Task
    on: str
    file: str = ""
    app: str = ""
    params: dict[str, Any] = field(factory=dict)
    crossing: str = "direct"
    seed: int | None = None


@frozen
class Outcome:
    """What came of it.

    value: what the run returned, pickled, or None if it cannot be.   shown: the value as Python writes it.
    error: the error it ended with instead, or None.   told: the whole of it, in terms of the spec.
    steps, walked: of a traced run.   moves: messages among events, switches among threads and for the oracle.
    wall, cpu: seconds per run, the median of ``runs``.
    peak: bytes of the process at its largest.   grown: bytes by which the runs made it larger.
    """

    on: str
    value: bytes | None = None
    shown: str = ""
    error: str | None = None
    steps: tuple[Step, ...] = ()
    walked: BlockingGraph = field(factory=BlockingGraph)
    moves: int = 0
    tasks: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    grown: int = 0
    runs: int = 1
    told: str = ""


def schedule_of(seed: int | None) -> Any:
    """A fresh schedule for one run, or None: first in, first out."""
    if seed is None:
        return None
    from duality.proof import Schedule  # most runs do without

    return Schedule.seeded(seed)
