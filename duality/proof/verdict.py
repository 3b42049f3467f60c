"""What a check says: a verdict, and the finding in it if the law was broken.

Rules: a verdict is data; nothing here runs anything. A check that ran nothing gives no verdict.
"""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from duality.graph import Edge
from duality.proof.trial import Trial

LAWS: dict[str, str] = {
    "L1": "the same choices offered, the same choice, the same step, at every scheduling point",
    "L2": "the same outcome, and the same operations asked of the I/O core",
    "L3": "what is walked lies within the static graph, which three readers of three texts find equal",
    "L4": "at every rest the record holds, by name and value, what is alive on the stack",
    "L5": "the same run again is the same run",
    "L6": "over all schedules there are, the same outcomes and the same deadlocks",
    "invariant": "every @invariant holds at every rest",
    "assertion": "every assert of the spec holds",
    "error": "no run ends with an error",
    "deadlock": "no run ends with every task waiting",
    "lost wake-up": "no task waits for a signal that no other task can give",
    "starvation": "no ready task is passed over without end",
    "stall": "every step ends: nobody runs on without a rest",
    "leak": "when the root has ended, every task ends, and everything is closed",
    "nondeterminism": "nothing but the schedule and the I/O core's seed decides what a run does",
}
"""What a finding can be found against, and what held where nothing was found."""


@frozen
class Setting:
    """Everything that decides a run: give it again, and it is the same run.

    params: of the application.   crossing: ``direct`` or ``queued``.   word: the choices, one a step.   leader: the
    runtime that played the schedule freely.   faults: the script of the I/O core, as text, "" for none; None: as the
    core that the case was given has them.   seed: the core's, where the case was given none.
    """

    params: Mapping[str, Any] = field(factory=dict)
    crossing: str = "direct"
    word: tuple[int, ...] = ()
    leader: str = "oracle"
    faults: str | None = None
    seed: int = 0

    def __str__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self.params.items()]
        parts += [f"crossing={self.crossing}", f"word={list(self.word)}"]
        return ", ".join(parts + ([f"faults={self.faults!r}"] if self.faults else []))


@frozen
class Finding:
    """The law that was broken, and the smallest run known that breaks it.

    law: a key of ``LAWS``.   said: one sentence.   place: ``file:line`` of the spec, or "" where no line is to blame.
    step: from 0, the first at which it shows; None if it shows in the end only, or in no run (graphs).
    trials: the two that differ, or the one that shows it; none for graphs.   setting: of these trials, after
    shrinking.   as_found: before it; None where nothing was shrunk.
    """

    law: str
    said: str
    place: str = ""
    step: int | None = None
    trials: tuple[Trial, ...] = ()
    setting: Setting = field(factory=Setting)
    as_found: Setting | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.law}: {self.said}"


class Interrupted(KeyboardInterrupt):
    """A check was interrupted. ``verdict``: what had come of it by then, None if nothing had been run.

    A finding in it is as small as it had become, and has been written down if that was asked for.
    """

    def __init__(self, verdict: "Verdict | None") -> None:
        super().__init__()
        self.verdict = verdict


@frozen
class Progress:
    """How far a check has come. ``of``: schedules asked for.   edges: of the static graph, walked so far.

    per_second: schedules a second since the beginning.   seconds: since the beginning.
    """

    schedules: int
    of: int
    per_second: float
    edges: int
    edges_total: int
    seconds: float


@frozen
class Verdict:
    """What came of a check; true if every law held.

    schedules: how many were compared.   runs, steps: of all runtimes together, shrinking not counted.   seconds: wall
    clock, with everything.   edges, edges_total: of the static graph, walked and all.   finding: None if all held.
    replay: the file that plays the finding again, if one was written.   allowed: how often something was found that the
    caller allowed, by law.   name: of the application.
    unwalked: the edges of the static graph that no run has walked.
    Raises ValueError if nothing was run: that would be a silent pass.
    """

    schedules: int
    runs: int
    steps: int
    seconds: float
    edges: int
    edges_total: int
    finding: Finding | None = None
    replay: str | None = None
    allowed: Mapping[str, int] = field(factory=dict)
    name: str = ""
    unwalked: tuple[Edge, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.finding is None and (self.schedules < 1 or self.runs < 1):
            raise ValueError("this check ran nothing, so it says nothing")

    def __bool__(self) -> bool:
        return self.finding is None

    def __str__(self) -> str:
        did = f"{self.schedules:,} schedules, {self.runs:,} runs, {self.steps:,} steps in {self.seconds:.2f} s"
        head = f"{self.name}: {did}; {self.edges} of {self.edges_total} edges walked" if self.name else did
        if self.allowed:
            head += "; allowed: " + ", ".join(f"{law} {count:,} times" for law, count in sorted(self.allowed.items()))
        if self.finding is None:
            return f"{head}\nheld"
        from duality.proof.beside import told  # it reads findings, and they are printed seldom

        return f"{head}\n{told(self.finding, replay=self.replay)}"
