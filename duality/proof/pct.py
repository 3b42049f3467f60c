"""Probabilistic concurrency testing: priorities, and a few points at which the first in rank loses its rank.

    a bug of depth d is one that shows whenever d pairs of steps come in certain orders
    every run finds it with a probability of at least   1 / (n * k ** (d - 1))   for n tasks and k steps

Most bugs are shallow: 1 or 2 (an order broken once, check-then-act), seldom 3; so that few runs find most.

Rules: a task's priority is drawn when it is first offered, in the order of the offer, which is the same on every
runtime. The i-th change point takes the task that has just gone below all that were drawn. One thing is added to the
source: who goes ``PATIENCE`` times in a row while others are ready is put behind them, or a loop that waits by giving
way would wait for ever. It touches no run in which no task does that.

Source: Burckhardt, Kothari, Musuvathi, Nagarakatte 2010, "A randomized scheduler with probabilistic guarantees of
finding bugs", algorithm 1 and theorem 9.
"""

import math
import random
from collections.abc import Callable, Sequence

PATIENCE = 200


def bound(tasks: int, steps: int, depth: int) -> float:
    """The probability, at least, that one run finds a bug of ``depth`` among ``tasks`` tasks in ``steps`` steps.

    Raises ValueError unless all are >= 1.
    """
    if min(tasks, steps, depth) < 1:
        raise ValueError(f"tasks, steps and depth must be at least 1, not {tasks}, {steps} and {depth}")
    return 1.0 / tasks / float(steps) ** (depth - 1)


def runs_for(tasks: int, steps: int, depth: int, sure: float = 0.99) -> int:
    """How many runs it takes, at most, to have found such a bug with probability ``sure`` (0 <= sure < 1).

    Raises ValueError.
    """
    if not 0.0 <= sure < 1.0:
        raise ValueError(f"sure must be at least 0 and below 1, not {sure!r}")
    found = bound(tasks, steps, depth)
    return 1 if found == 1.0 else max(1, math.ceil(math.log1p(-sure) / math.log1p(-found)))


def priorities(seed: int, depth: int, steps: int) -> Callable[[], Callable[[int, Sequence[str]], int]]:
    """What starts a choice function: given the step and the names offered, the place of the first in rank.

    Raises ValueError unless ``depth`` and ``steps`` are at least 1.
    """
    if depth < 1 or steps < 1:
        raise ValueError(f"depth and steps must be at least 1, not {depth} and {steps}")

    def start() -> Callable[[int, Sequence[str]], int]:
        draw = random.Random(seed).random
        # Priorities are drawn from [0, 1); whoever is put back gets 0 less a number, later ones less than earlier ones,
        # but the change points in an order of their own, as their numbers say.
        points = {1 + int(draw() * steps): -1.0 - number for number in range(depth - 1)}
        return _Ranking(draw, points, float(-depth)).choice

    return start


class _Ranking:
    """Who is first: ``points`` gives the priority of whoever took that step (counted from 1)."""

    def __init__(self, draw: Callable[[], float], points: dict[int, float], lowest: float) -> None:
        self.draw = draw
        self.points = points
        self.lowest = lowest
        self.of: dict[str, float] = {}
        self.last = ""
        self.row = 0  # steps that the last task took in a row, others being ready

    def choice(self, step: int, offered: Sequence[str]) -> int:
        if step in self.points and self.last:
            self.of[self.last] = self.points[step]
        of = self.of
        for name in offered:
            if name not in of:
                of[name] = self.draw()
        if self.row >= PATIENCE:
            self.lowest -= 1.0
            self.of[self.last] = self.lowest
        first = max(offered, key=of.__getitem__)
        self.row = self.row + 1 if first == self.last and len(offered) > 1 else 0
        self.last = first
        return offered.index(first)
