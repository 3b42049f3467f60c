"""How many schedules there are: each run that was made stands for all orders of its steps that respect what depends.

Rules: exact while it is cheap (the linear extensions of each run's partial order, which no two runs share); else an
estimate, and called one.
Source: Knuth 1975, "Estimating the efficiency of backtrack programs" (the product of the choices on a random way).
"""

import random
from collections.abc import Sequence

from duality.proof.reduction import Event, TooDeep

CHEAP = 300_000
"""Sets of steps that may be looked at, in all."""


class Extensions:
    """Counts as the runs are made. ``total``: so far; None once it has become too many to count."""

    def __init__(self, cheap: int = CHEAP) -> None:
        self.total: int | None = 0
        self.left = cheap

    def add(self, events: Sequence[Event]) -> None:
        """One more run."""
        if self.total is None:
            return
        count = self._count(events)
        self.total = None if count is None else self.total + count

    def _count(self, events: Sequence[Event]) -> int | None:
        """The orders in which ``events`` can be taken; None if that is too much work."""
        steps: dict[str, list[int]] = {}
        for place, event in enumerate(events):
            steps.setdefault(event.task, []).append(place)
        first = {task: places[0] for task, places in steps.items()}
        after = {one: two for places in steps.values() for one, two in zip(places, [*places[1:], -1], strict=True)}
        layer: dict[int, tuple[int, tuple[int, ...]]] = {0: (1, tuple(first.values()))}
        for _ in events:
            self.left -= len(layer)
            if self.left < 0:
                return None
            layer = self._next(layer, events, after)
        return sum(ways for ways, _ in layer.values())

    @staticmethod
    def _next(
        layer: dict[int, tuple[int, tuple[int, ...]]], events: Sequence[Event], after: dict[int, int]
    ) -> dict[int, tuple[int, tuple[int, ...]]]:
        """The sets with one step more: in how many ways each can be come by, and each task's step after it."""
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for taken, (ways, following) in layer.items():
            for place in following:
                more = taken | 1 << place
                if not events[place].before & ~more:
                    known = found.get(more)
                    if known is None:
                        rest = tuple(after[one] if one == place else one for one in following)
                        found[more] = ways, tuple(one for one in rest if one >= 0)
                    else:
                        found[more] = known[0] + ways, known[1]
        return found


class Probe:
    """Chooses at random, where the search would; ``product``: of how many there were to choose from each time."""

    replayed = 0
    points: tuple[()] = ()

    def __init__(self, seed: int, depth: int) -> None:
        self.draw = random.Random(seed).random
        self.depth = depth
        self.product = 1

    def choose(self, step: int, offered: tuple[str, ...]) -> str:
        """Anybody. Raises TooDeep."""
        if step >= self.depth:
            raise TooDeep
        self.product *= len(offered)
        return offered[int(self.draw() * len(offered))]

    def at_rest(self, step: int) -> None:
        """Nothing that a probe looks at."""

    def stepped(self, step: int, task: str, footprint: object, enablers: int) -> None:
        """Nothing that a probe looks at."""

    def word(self) -> tuple[int, ...]:
        """Nobody asks for it."""
        return ()
