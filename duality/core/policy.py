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
    goes when nobody else is ready, or when as many steps have been taken as were ready at its last turn; unless an I/O
    core says (``still``) that nothing has happened meanwhile.
    """

    def __init__(self, schedule: Chooser, hub: Callable[[], Entry]) -> None:
        self.entries: deque[Entry] = deque()
        self.hub = hub
        self.convert: Callable[[Any], Any] | None = None  # what a traced run makes of the values it is handed
        self.notify: Callable[[tuple[str, ...], Any], None] | None = None
        self.still: Callable[[], bool] = _never  # whether the hub, whose turn has come, would find nothing
        self.begin(schedule)

    def begin(self, schedule: Chooser) -> None:
        """Begin a run, with nobody ready."""
        self.entries.clear()
        self.schedule = schedule
        self.waiting_hub: Entry | None = None
        self.left = 0
        self.last = ""
        self.broken: BaseException | None = None  # what the schedule raised, for the hub to raise in its own name

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
        self.schedule, self.still = Fifo(), _never

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
            if not self.entries or not self.still():
                hub, self.waiting_hub = self.waiting_hub, None
                return hub
            self.left = len(self.entries)
        self.left -= 1
        offered, places = self.ordered()
        if self.schedule.arrival:
            place = 0
            self.schedule.took(places.index(0))
        else:
            place = places[self.schedule.choose(offered)]
        entry = self.entries[place]
        del self.entries[place]
        if self.notify is not None:
            self.notify(offered, entry[0])
        self.last = entry[0].name
        return entry

    def ordered(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The names of the ready tasks in canonical order, and the places of their entries."""
        names = tuple([entry[0].name for entry in self.entries])
        # The same few crowds are ready again and again, in a run and in the next ones; a large one hardly ever is.
        return _known(names, self.last) if len(names) <= _FEW else canonical(names, self.last)


def _never() -> bool:
    """Of an I/O core that cannot say."""
    return False


def canonical(names: tuple[str, ...], last: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names in canonical order, ``last`` (the current task) first and then by birth; and the place of each."""
    places = tuple(sorted(range(len(names)), key=lambda place: (names[place] != last, _birth(names[place]))))
    return tuple([names[place] for place in places]), places


_FEW = 16
_known = lru_cache(maxsize=8192)(canonical)


@lru_cache(maxsize=4096)
def _birth(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("."))
