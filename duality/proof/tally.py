"""Playing a plan, schedule by schedule, and keeping count of what was done.

Rule: what is counted is kept by schedule number, so that the sum up to a finding is the same whoever played what.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from duality.errors import SpecError
from duality.graph import BlockingGraph, Edge
from duality.proof.case import Case, Round
from duality.proof.plan import Plan
from duality.proof.schedule import Schedule
from duality.proof.verdict import Finding, Setting

EVERY_REST = 24  # schedules, of which every rest is looked into (L4): all kinds, crossings and leaders are among them
SOME_RESTS = 8  # of how many rests one is, in those that follow: it takes as long as the run itself


@frozen
class Mark:
    """What one schedule came to.

    runs, steps: of all runtimes.   edges: walked, and by nobody before here.   allowed: laws that were found broken and
    may be.   found: whether something was found that may not.
    """

    number: int
    runs: int
    steps: int
    edges: frozenset[Edge]
    allowed: tuple[str, ...]
    found: bool


class Player:
    """Plays the schedules of a plan to a case. ``allow``: the laws whose findings are no failure."""

    def __init__(self, case: Case, plan: Plan, params: Mapping[str, Any], allow: Collection[str]) -> None:
        self.case = case
        self.plan = plan
        self.params = dict(params)
        self.allow = frozenset(allow)
        self.lengths: dict[str, int] = {}
        self.walked: set[Edge] = set()
        self.last: BlockingGraph | None = None  # whose edges are all among them
        self.stalled: tuple[int, Round] | None = None  # what took so long that nobody plays it again without need

    def length(self, crossing: str) -> int:
        """About how many steps a run takes: as many as the oracle's, first in first out."""
        if crossing not in self.lengths:
            pilot, _ = self.case.lead(Schedule.fifo(), Setting(self.params, crossing, seed=self.plan[0].seed))
            self.lengths[crossing] = max(1, len(pilot.steps))
        return self.lengths[crossing]

    def play(self, number: int) -> Round:
        """Schedule ``number`` on all three runtimes."""
        turn = self.plan[number]
        setting = self.case.setting(self.params, turn.crossing, turn.leader, turn.seed)
        schedule = turn.schedule(self.length(turn.crossing) if turn.kind == "pct" else 1)
        return self.case.play(schedule, setting, turn.twice, 1 if number < EVERY_REST else SOME_RESTS)

    def fault(self, played: Round) -> Finding | None:
        """The first finding that is not allowed. Raises SpecError if it is that the spec was refused when it ran."""
        found = next((one for one in played.found if one.law not in self.allow), None)
        if found is not None and found.law == "error" and found.trials[0].outcome["error"][0] == "SpecError":
            raise SpecError(found.trials[0].outcome["error"][1])
        return found

    def mark(self, number: int) -> Mark:
        """Play schedule ``number``, and say what it came to."""
        played = self.play(number)
        self.stalled = (number, played) if any(one.law == "stall" for one in played.found) else None
        edges = self.fresh(played.trials[0].walked)
        runs = len(played.trials) + (self.plan[number].twice is not None)
        steps = sum(len(trial.steps) for trial in played.trials)
        allowed = tuple(one.law for one in played.found if one.law in self.allow)
        return Mark(number, runs, steps, edges, allowed, self.fault(played) is not None)

    def fresh(self, walked: BlockingGraph) -> frozenset[Edge]:
        """The edges of a walk that nobody has walked before."""
        if walked is self.last:
            return frozenset()
        edges = frozenset(walked.edges).difference(self.walked)
        self.walked |= edges
        self.last = walked
        return edges

    def marks(self, numbers: Iterable[int]) -> Iterator[Mark]:
        """The marks of these schedules, up to the first that found something."""
        for number in numbers:
            mark = self.mark(number)
            yield mark
            if mark.found:
                return


@define
class Tally:
    """The sum of marks. ``first``: the lowest number of those that found something."""

    marks: dict[int, Mark] = field(factory=dict)
    edges: set[Edge] = field(factory=set)
    first: int | None = None

    def add(self, mark: Mark) -> None:
        """Count one more."""
        self.marks[mark.number] = mark
        self.edges |= mark.edges
        if mark.found and (self.first is None or mark.number < self.first):
            self.first = mark.number

    def close(self) -> None:
        """Forget what lies behind the first finding: another division of the work would not have come to it."""
        if self.first is not None:
            self.marks = {number: mark for number, mark in self.marks.items() if number <= self.first}
            self.edges = {edge for mark in self.marks.values() for edge in mark.edges}

    def left(self, edges: Iterable[Edge]) -> tuple[Edge, ...]:
        """Those of ``edges`` that nobody has walked."""
        return tuple(edge for edge in edges if edge not in self.edges)

    @property
    def schedules(self) -> int:
        """How many were played."""
        return len(self.marks)

    @property
    def runs(self) -> int:
        """Of all runtimes together, and those that were made twice."""
        return sum(mark.runs for mark in self.marks.values())

    @property
    def steps(self) -> int:
        """Of all runtimes together."""
        return sum(mark.steps for mark in self.marks.values())

    @property
    def allowed(self) -> dict[str, int]:
        """How often each law was found broken and may be."""
        found: dict[str, int] = {}
        for mark in self.marks.values():
            for law in mark.allowed:
                found[law] = found.get(law, 0) + 1
        return found
