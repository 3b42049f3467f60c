"""A schedule: the word of choices that a run was, or will be, made with.

Rules on the door:
- A choice is a position among the tasks offered, in canonical order. Never a name, so one word fits every runtime.
- A schedule is played once; ``again()`` gives it unplayed. ``word`` holds what was chosen so far, and
  ``Schedule.of(word)`` makes the very same choices.
- Nothing here looks at a clock, a hash or an ``id()``: the same source makes the same choices in every process.

Source: docs/meaning.md, the law; Musuvathi et al. 2008 (CHESS: replay by the word of choices).
"""

import random
from collections.abc import Callable, Iterable, Sequence

Choice = Callable[[int, int], int]


class ScheduleError(ValueError):
    """A word that does not fit the run it is played to: it names a choice that was not offered."""


class Schedule:
    """Who goes first at every step; ``run(app, schedule=...)`` asks it. Make one with a class method.

    ``word``: the choices made so far, one a step, each a position (from 0) among what was offered then.
    """

    def __init__(self, source: str, start: Callable[[], Choice]) -> None:
        self.source = source
        self.word: list[int] = []
        self.arrival = False
        self._start = start
        self._choice = start()

    @classmethod
    def seeded(cls, seed: int) -> "Schedule":
        """Choices drawn evenly by a generator that ``seed`` starts; no two steps depend on each other."""

        def start() -> Choice:
            draw = random.Random(seed).random  # the one method whose sequence Python promises to keep
            return lambda step, count: int(draw() * count)

        return cls(f"Schedule.seeded({seed})", start)

    @classmethod
    def of(cls, choices: Iterable[int]) -> "Schedule":
        """Exactly ``choices``, one a step; after the last, always the first task offered (the current one goes on).

        While it is played, ScheduleError if a choice is not among those offered: the word belongs to another run.
        """
        word = tuple(choices)
        return cls(f"Schedule.of({list(word)})", lambda: lambda step, count: word[step] if step < len(word) else 0)

    @classmethod
    def wrapped(cls, numbers: Iterable[int]) -> "Schedule":
        """As ``of``, but any number >= 0 will do: it is taken modulo how many are offered."""
        word = tuple(numbers)
        return cls(
            f"Schedule.wrapped({list(word)})", lambda: lambda step, count: word[step] % count if step < len(word) else 0
        )

    @classmethod
    def fifo(cls) -> "Schedule":
        """Whoever became ready first: the order of a run without a schedule.

        The queue itself knows who that is; it tells ``took`` what came of it, so that ``word`` can be replayed.
        """
        made = cls("Schedule.fifo()", lambda: lambda step, count: 0)
        made.arrival = True
        return made

    def choose(self, offered: Sequence[str]) -> int:
        """The position of the choice among ``offered`` (task names, never empty). Raises ScheduleError."""
        choice = self._choice(len(self.word), len(offered))
        if not 0 <= choice < len(offered):
            raise ScheduleError(
                f"{self.source} does not fit this run: step {len(self.word)} offers {len(offered)}"
                f" ({', '.join(offered)}), and its choice is {choice}"
            )
        self.word.append(choice)
        return choice

    def took(self, choice: int) -> None:
        """Note a choice that the ready queue made by order of arrival (``Schedule.fifo`` only)."""
        self.word.append(choice)

    def again(self) -> "Schedule":
        """The same schedule, unplayed."""
        fresh = Schedule(self.source, self._start)
        fresh.arrival = self.arrival
        return fresh

    def __repr__(self) -> str:
        return f"{self.source} after {self.word}" if self.word else self.source
