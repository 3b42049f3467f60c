"""Policies: in which order the ready go. A policy is a queue with ``append``, ``popleft``,
``clear`` and a length.

Rule: the default is a plain ``deque`` (first-in first-out, nothing between the runtime and its next step). A controlled
run uses ``Choices``, which publishes what it offers, in canonical order, before a schedule takes one.
"""

from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

Entry = tuple[Any, Any, BaseException | None]


class Chooser(Protocol):
    """What a schedule must do: name one of the tasks offered, or (``arrival``) be told who came first."""

    arrival: bool

    def choose(self, offered: Sequence[str]) -> int:
        """Return the position of the choice in ``offered`` (never empty)."""

    def took(self, choice: int) -> None:
        """Note the choice that the order of arrival made."""


class Fifo:
    """The schedule that takes whoever became ready first."""

    arrival = True

    def choose(self, offered: Sequence[str]) -> int:
        """Not asked: the queue itself knows who came first."""
        return 0

    def took(self, choice: int) -> None:
        """Nothing to note."""


class Choices:
    """A ready queue whose every choice is made by a schedule.

    ``notify`` is called with (names offered, name chosen) before each step. The hub is never among the choices: it
    goes when nobody else is ready, or when as many steps have been taken as were ready at its last turn.
    """

    def __init__(self, schedule: Chooser, hub: Callable[[], Entry]) -> None:
        self.schedule = schedule
        self.entries: deque[Entry] = deque()
        self.hub = hub
        self.waiting_hub: Entry | None = None
        self.left = 0
        self.last = ""
        self.broken: BaseException | None = None  # what the schedule raised, for the hub to raise in its own name
        self.convert: Callable[[Any], Any] | None = None  # what a traced run makes of the values it is handed
        self.notify: Callable[[tuple[str, ...], Any], None] | None = None

    def __len__(self) -> int:
        return len(self.entries)

    def append(self, entry: Entry) -> None:
        """Add a ready entry; the hub is put aside."""
        if entry is self.hub():
            self.waiting_hub = entry
            self.left = len(self.entries)
        else:
            self.entries.append((entry[0], self.convert(entry[1]), entry[2]) if self.convert else entry)

    def clear(self) -> None:
        """Forget every entry, and choose no more: the run is over."""
        self.entries.clear()
        self.waiting_hub = self.notify = None
        self.schedule = Fifo()

    def popleft(self) -> Entry:
        """Take the entry that the schedule chooses; the hub if there is none, or if the schedule fails."""
        try:
            return self._chosen()
        except BaseException as error:
            # Whoever asks may be a task, on a stack of its own, and must not be handed an error that is not its.
            self.broken = error
            return self.hub()

    def _chosen(self) -> Entry:
        if self.waiting_hub is not None and (self.left <= 0 or not self.entries):
            hub, self.waiting_hub = self.waiting_hub, None
            return hub
        self.left -= 1
        ordered = sorted(range(len(self.entries)), key=self._rank)
        offered = tuple(self.entries[place][0].name for place in ordered)
        if self.schedule.arrival:
            place = 0
            self.schedule.took(ordered.index(0))
        else:
            place = ordered[self.schedule.choose(offered)]
        entry = self.entries[place]
        del self.entries[place]
        if self.notify is not None:
            self.notify(offered, entry[0])
        self.last = entry[0].name
        return entry

    def _rank(self, place: int) -> tuple[bool, tuple[int, ...]]:
        name: str = self.entries[place][0].name
        return name != self.last, _birth(name)


@lru_cache(maxsize=4096)
def _birth(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))
