"""One outline, two system calls: which file descriptors can go on?

Rules of this file:

1. A *source* (connection, listener, bell) is added once. It is never asked to change its interest,
   so that waiting for a socket costs no system call of its own.
2. ``Epoll`` is edge-triggered: it tells of a change once, to anybody, and the source remembers.
   ``Poll`` asks every source, each time, what it waits for: its system call is O(sources) anyway.
   A source that reads until a short read before it waits is right under both.
3. ``waiting`` counts the activations parked below the scheduler; whoever parks one adds it.

Source: Banga, Mogul & Druschel 1999, "A scalable and explicit event delivery mechanism for UNIX".
"""

from __future__ import annotations

import select
from math import ceil
from typing import Final, Protocol

from duality.core.contract import PENDING, Activation, Pending, Ready

READABLE: Final = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
"""A read would not block: it gives bytes, the end, or an error."""

WRITABLE: Final = select.EPOLLOUT | select.EPOLLHUP | select.EPOLLERR
"""A write would not block: there is room, or an error to learn of."""

ENDING: Final = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
"""The peer sends no more, whether or not all it sent has been read."""

WANT_READ: Final = select.EPOLLIN | select.EPOLLRDHUP
WANT_WRITE: Final = select.EPOLLOUT

PATIENCE: Final = 64
"""Operations in a row that one connection, listener or file may complete at once. The next one takes its turn."""

_EVERY_EDGE: Final = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET


class Source(Protocol):
    """Something with a file descriptor that events happen to."""

    fd: int

    def on_event(self, mask: int, /) -> None:
        """Take in what the kernel says (bits as epoll's), and complete whom that lets go on. Raises nothing."""

    def interest(self) -> int:
        """Return the bits somebody here waits for; 0 when nobody does. Only ``Poll`` asks."""

    def close(self, activation: Activation | None = None, /) -> None:
        """Give the descriptor back."""


class Poller:
    """What the two have in common: the sources, the ready list, the count of who waits."""

    __slots__ = ("ready", "sources", "waiting")

    def __init__(self) -> None:
        self.ready: Ready = []
        self.sources: dict[int, Source] = {}
        self.waiting = 0

    def open(self, ready: Ready) -> None:
        """Begin: completions go to ``ready`` from now on."""
        self.ready = ready
        self.waiting = 0

    def add(self, source: Source) -> None:
        """Watch ``source`` until it is forgotten. Raises OSError when the kernel has no room."""
        raise NotImplementedError

    def forget(self, source: Source) -> None:
        """Watch ``source`` no longer; its owner closes the descriptor next, and the kernel drops it then."""
        self.sources.pop(source.fd, None)

    def gather(self, timeout: float | None) -> None:
        """Tell every source what happened to it; wait ``timeout`` seconds for a first event, None for ever."""
        raise NotImplementedError

    def answer(self, activation: Activation, value: object, error: BaseException | None = None) -> None:
        """Complete a parked ``activation``. (Hot paths do these three lines themselves.)"""
        self.waiting -= 1
        activation.parked = None
        self.ready.append((activation, value, error))

    def in_turn(self, activation: Activation, value: object) -> Pending:
        """Complete an operation that is already done, but only after all who are ready now.

        A peer that is always quicker than we are would otherwise hold the processor for ever.
        """
        self.ready.append((activation, value, None))
        return PENDING

    def close(self) -> None:
        """Close every source still open. Whoever is parked on one is forgotten, not made ready."""
        self.ready = []
        for source in list(self.sources.values()):
            source.close()
        self.sources.clear()
        self.waiting = 0


class Epoll(Poller):
    """Edge-triggered epoll: O(events) per call, however many connections are idle."""

    __slots__ = ("_epoll",)

    def open(self, ready: Ready) -> None:
        super().open(ready)
        self._epoll = select.epoll()

    def add(self, source: Source) -> None:
        self._epoll.register(source.fd, _EVERY_EDGE)
        self.sources[source.fd] = source

    def gather(self, timeout: float | None) -> None:
        # A descriptor that a forked child still shares outlives our close, and its late events
        # name nobody, or a newcomer to whom one event too many does no harm.
        find = self.sources.get
        for fd, mask in self._epoll.poll(timeout):
            source = find(fd)
            if source is not None:
                source.on_event(mask)

    def close(self) -> None:
        super().close()
        self._epoll.close()


class Poll(Poller):
    """poll(2), level-triggered: O(sources) per call, and found on every Unix."""

    __slots__ = ("_asked", "_poll")

    def open(self, ready: Ready) -> None:
        super().open(ready)
        self._poll = select.poll()
        self._asked: dict[int, int] = {}

    def add(self, source: Source) -> None:
        self.sources[source.fd] = source

    def forget(self, source: Source) -> None:
        super().forget(source)
        if self._asked.pop(source.fd, 0):
            self._poll.unregister(source.fd)

    def gather(self, timeout: float | None) -> None:
        self._ask()
        sources = self.sources
        for fd, mask in self._poll.poll(None if timeout is None else ceil(timeout * 1000)):
            sources[fd].on_event(mask)

    def _ask(self) -> None:
        """Bring the kernel's question up to date with what each source waits for now.

        Nobody waiting means not asked at all: poll reports a hang-up even to those who asked for nothing.
        """
        asked = self._asked
        for fd, source in self.sources.items():
            want = source.interest()
            if want == asked.get(fd, 0):
                continue
            asked[fd] = want
            if want:
                self._poll.register(fd, want)
            else:
                self._poll.unregister(fd)
