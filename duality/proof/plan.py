"""Which schedules a check plays: number ``i`` is always the same one, whoever plays it.

Rules: kinds, crossings and leaders go round together, so that every kind meets every crossing and every leader; kinds
that are always the same schedule (first in first out, round robin) have their turn once with each of these, and leave
the rest to those that are drawn. Schedule ``i`` is a function of the seed and of ``i``.
"""

from collections.abc import Callable, Sequence

from attrs import frozen

from duality.proof.schedule import Schedule
from duality.proof.trial import RUNTIMES

CROSSINGS = ("direct", "queued")
TWICE = 20  # every so many runs, one is made again
_STRIDE = 1_000_003  # further apart than anybody has schedules

KINDS: dict[str, Callable[[int, int], Schedule]] = {
    "random": lambda seed, steps: Schedule.seeded(seed),
    "pct": lambda seed, steps: Schedule.pct(seed, 3, steps),
    "round robin": lambda seed, steps: Schedule.round_robin(),
    "fifo": lambda seed, steps: Schedule.fifo(),
}
"""The kinds of schedule, by name: each of a seed and of about how many steps a run takes."""
_DRAWN = ("random", "pct")


@frozen
class Turn:
    """One schedule of a check.

    number: from 0.   seed: of the schedule and of the I/O core.   twice: which of its runs is made again, or None.
    """

    number: int
    kind: str
    crossing: str
    leader: str
    seed: int
    twice: int | None

    def schedule(self, steps: int) -> Schedule:
        """The schedule. steps: about how many the run will take, at least 1."""
        return KINDS[self.kind](self.seed, steps)


@frozen
class Plan:
    """Raises ValueError unless there is something to run, and every kind and crossing is known."""

    schedules: int
    seed: int
    kinds: Sequence[str]
    crossings: Sequence[str]

    def __attrs_post_init__(self) -> None:
        if isinstance(self.schedules, bool) or not isinstance(self.schedules, int) or self.schedules < 1:
            raise ValueError(f"schedules must be at least 1, not {self.schedules!r}: a check that runs nothing fails")
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise ValueError(f"seed must be a whole number, not {self.seed!r}")
        _known("kinds", self.kinds, KINDS)
        _known("crossings", self.crossings, CROSSINGS)

    def __getitem__(self, number: int) -> Turn:
        """Schedule ``number``."""
        kinds, crossings = list(self.kinds), list(self.crossings)
        cycle = len(kinds) * len(crossings)
        if number >= cycle * len(RUNTIMES):
            kinds = [kind for kind in kinds if kind in _DRAWN] or kinds
            cycle = len(kinds) * len(crossings)
        place, block = number % len(kinds), number // len(kinds)
        leader = RUNTIMES[(place + number // cycle) % len(RUNTIMES)]
        # Of the three runs of every schedule, counted through, each TWICE-th.
        again = next((run for run in range(3) if (3 * number + run) % TWICE == TWICE - 1), None)
        seed = self.seed * _STRIDE + number
        return Turn(number, kinds[place], crossings[block % len(crossings)], leader, seed, again)


def _known(what: str, given: Sequence[str], known: Sequence[str] | dict[str, Callable[[int, int], Schedule]]) -> None:
    if isinstance(given, str):
        raise ValueError(f"{what} must be several names, as in ({given!r},), not the text {given!r}")
    if not given:
        raise ValueError(f"{what} must name at least one of {', '.join(known)}")
    for one in given:
        if one not in known:
            raise ValueError(f"{what} must be among {', '.join(known)}, not {one!r}")
