"""A schedule: the word of choices that a run was, or will be, made with.

Rules on the door:
- A choice is a position among the tasks offered, in canonical order. Never a name, so one word fits every runtime.
- A schedule is played once; ``again()`` gives it unplayed. ``word`` holds what was chosen so far, and
  ``Schedule.of(word)`` makes the very same choices.
- Nothing here looks at a clock, a hash or an ``id()``: the same source makes the same choices in every process.

Source: docs/meaning.md, the law; Musuvathi et al. 2008 (CHESS: replay by the word of choices).
"""

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from duality.proof.pct import priorities
from duality.proof.turns import turns

Choice = Callable[[int, Sequence[str]], int]
"""Given the number of the step (from 0) and the names offered: a position among them."""


class ScheduleError(ValueError):
    """A schedule that does not fit the run it is played to: it names a choice that was not offered."""


class Endless(ScheduleError):
    """A run has taken as many steps as its schedule was given."""


class Schedule:
    """Who goes first at every step; ``run(app, schedule=...)`` asks it. Make one with a class method.

    ``word``: the choices made so far, one a step, each a position (from 0) among what was offered then.
    ``limit``: the most steps it is played for; one more raises Endless.
    """

    def __init__(self, source: str, start: Callable[[], Choice]) -> None:
        self.source = source
        self.word: list[int] = []
        self.arrival = False
        self.limit = sys.maxsize
        self._start = start
        self._choice = start()

    @classmethod
    def seeded(cls, seed: int) -> "Schedule":
        """Choices drawn evenly by a generator that ``seed`` starts; no two steps depend on each other."""

        def start() -> Choice:
            draw = random.Random(seed).random  # the one method whose sequence Python promises to keep
            return lambda step, offered: int(draw() * len(offered))

        return cls(f"Schedule.seeded({seed})", start)

    @classmethod
    def pct(cls, seed: int, depth: int = 3, steps: int = 100) -> "Schedule":
        """Priorities drawn by ``seed``; the first in rank always goes, and ``depth`` - 1 times it loses its rank.

        steps: about how many the run will take, >= 1.   depth: how many orderings a bug needs, >= 1.
        A bug of that depth is found with a probability of at least ``pct.bound(tasks, steps, depth)``.
        Raises ValueError. Source: Burckhardt et al. 2010; see ``pct.py``, also for the runs it takes.
        """
        start = priorities(seed, depth, steps)
        return cls(f"Schedule.pct({seed}, depth={depth}, steps={steps})", start)

    @classmethod
    def round_robin(cls) -> "Schedule":
        """Every ready task in turn, in the order of their names, one step each."""
        return cls("Schedule.round_robin()", turns)

    @classmethod
    def of(cls, choices: Any) -> "Schedule":
        """Exactly ``choices``, one a step; after the last, always the first task offered (the current one goes on).

        choices: positions, or what has a ``word`` of them: a Trial, a Setting, a Schedule that was played.
        While it is played, ScheduleError if a choice is not among those offered: the word belongs to another run.
        """
        word = tuple(getattr(choices, "word", choices))
        return cls(f"Schedule.of({list(word)})", lambda: lambda step, offered: word[step] if step < len(word) else 0)

    @classmethod
    def wrapped(cls, numbers: Iterable[int]) -> "Schedule":
        """As ``of``, but any number >= 0 will do: it is taken modulo how many are offered."""
        word = tuple(numbers)
        return cls(
            f"Schedule.wrapped({list(word)})",
            lambda: lambda step, offered: word[step] % len(offered) if step < len(word) else 0,
        )

    @classmethod
    def named(cls, names: Iterable[str]) -> "Schedule":
        """The tasks of these names, one a step; after the last, always the first task offered.

        While it is played, ScheduleError if the task that is named is not ready.
        """
        told = tuple(names)

        def choice(step: int, offered: Sequence[str]) -> int:
            if step >= len(told):
                return 0
            if told[step] not in offered:
                raise ScheduleError(
                    f"Schedule.named does not fit this run: step {step} names task {told[step]}, which is not ready;"
                    f" the step offers {', '.join(offered)}"
                )
            return offered.index(told[step])

        return cls(f"Schedule.named({list(told)})", lambda: choice)

    @classmethod
    def fifo(cls) -> "Schedule":
        """Whoever became ready first: the order of a run without a schedule.

        The queue itself knows who that is; it tells ``took`` what came of it, so that ``word`` can be replayed.
        """
        made = cls("Schedule.fifo()", lambda: lambda step, offered: 0)
        made.arrival = True
        return made

    def choose(self, offered: Sequence[str]) -> int:
        """The position of the choice among ``offered`` (task names, never empty). Raises ScheduleError."""
        step = len(self.word)
        if step >= self.limit:
            raise self._endless()
        choice = self._choice(step, offered)
        if not 0 <= choice < len(offered):
            raise ScheduleError(
                f"{self.source} does not fit this run: step {step} offers {len(offered)}"
                f" ({', '.join(offered)}), and its choice is {choice}"
            )
        self.word.append(choice)
        return choice

    def took(self, choice: int) -> None:
        """Note a choice that the ready queue made by order of arrival (``Schedule.fifo`` only). Raises Endless."""
        if len(self.word) >= self.limit:
            raise self._endless()
        self.word.append(choice)

    def close(self) -> None:
        """Make no choice any more: the next one raises Endless."""
        self.limit = 0

    def _endless(self) -> Endless:
        return Endless(f"the run has not ended after {self.limit:,} steps, the most that {self.source} was given")

    def again(self) -> "Schedule":
        """The same schedule, unplayed."""
        fresh = Schedule(self.source, self._start)
        fresh.arrival, fresh.limit = self.arrival, self.limit
        return fresh

    def __repr__(self) -> str:
        return f"{self.source} after {self.word}" if self.word else self.source
