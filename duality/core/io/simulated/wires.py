"""What lies between machines: a route for each ordered pair, with its latency, its bandwidth, and its cuts.

Rules of this file:

1. A route is shared by all connections between its two machines, and so is its bandwidth.
2. Nothing is drawn where nothing is left to chance: a route whose two latencies are equal draws no number.
3. A route that is cut keeps those who have something on it in ``stalled``, oldest first, until it is healed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import field, frozen

from duality.core.io.simulated.agenda import Agenda


def _least_and_most(link: object, attribute: object, value: tuple[float, float]) -> None:
    if not 0 <= value[0] <= value[1]:
        raise ValueError(f"a latency is the least and the most, in seconds, not {value!r}")


def _positive(link: object, attribute: object, value: float | None) -> None:
    if value is not None and not value > 0:
        raise ValueError(f"a bandwidth is in bytes per second, more than 0, not {value!r}")


@frozen
class Link:
    """How two machines are joined. latency: seconds one way, least and most.   bandwidth: bytes a second each way, or
    None for no limit."""

    latency: tuple[float, float] = field(default=(0.0005, 0.002), validator=_least_and_most)
    bandwidth: float | None = field(default=None, validator=_positive)


class Stalled(Protocol):
    """Something that waits for a cut route to be healed."""

    def healed(self) -> None:
        """Go on."""


class Route:
    """One way from one machine to another. cut: nothing gets through, and ``cause`` is why.   extra: seconds more."""

    __slots__ = ("_agenda", "_bandwidth", "_draw", "_free", "_low", "_span", "cause", "cut", "extra", "stalled")

    def __init__(self, agenda: Agenda, draw: Callable[[], float], link: Link) -> None:
        self._agenda = agenda
        self._draw = draw
        self._low, high = link.latency
        self._span = high - self._low
        self._bandwidth = link.bandwidth
        self._free = 0.0  # when the last byte that was put on it will have left
        self.cut = False
        self.cause: object = None
        self.extra = 0.0
        self.stalled: list[Stalled] = []

    def arrival(self, size: int) -> float:
        """When ``size`` bytes that are put on it now will have arrived."""
        when = self._agenda.time
        if self._bandwidth is not None:
            self._free = when = max(when, self._free) + size / self._bandwidth
        if self._span:
            when += self._span * self._draw()
        return when + self._low + self.extra


class Wires:
    """All routes of one run, each made when it is first asked for."""

    __slots__ = ("_agenda", "_cut", "_draw", "_link", "_links", "_routes", "_slow")

    def __init__(
        self, agenda: Agenda, draw: Callable[[], float], link: Link, links: Mapping[tuple[str, str], Link]
    ) -> None:
        self._agenda = agenda
        self._draw = draw
        self._link = link
        self._links = links
        self._routes: dict[tuple[str, str], Route] = {}
        self._cut: dict[tuple[str, str], object] = {}
        self._slow: dict[tuple[str, str], float] = {}

    def route(self, here: str, there: str) -> Route:
        """The way from machine ``here`` to machine ``there``."""
        way = here, there
        route = self._routes.get(way)
        if route is None:
            link = self._links.get(way) or self._links.get((there, here)) or self._link
            route = self._routes[way] = Route(self._agenda, self._draw, link)
            route.cut, route.cause = way in self._cut, self._cut.get(way)
            route.extra = self._slow.get(way, 0.0)
        return route

    def cut(self, ways: list[tuple[str, str]], cause: object) -> None:
        """Let nothing through on ``ways``, from now on."""
        for way in ways:
            self._cut[way] = cause
            if way in self._routes:
                self._routes[way].cut, self._routes[way].cause = True, cause

    def heal(self, ways: list[tuple[str, str]] | None = None) -> bool:
        """Let everything through again on ``ways``, None for all; return whether any of them was cut."""
        healing = [way for way in (list(self._cut) if ways is None else ways) if way in self._cut]
        for way in healing:
            del self._cut[way]
            if way in self._routes:
                route = self._routes[way]
                route.cut = False
                waiting, route.stalled = route.stalled, []
                for one in waiting:
                    one.healed()
        return bool(healing)

    def slow(self, ways: list[tuple[str, str]], seconds: float) -> None:
        """Have everything on ``ways`` take ``seconds`` more, from now on."""
        for way in ways:
            self._slow[way] = self._slow.get(way, 0.0) + seconds
            if way in self._routes:
                self._routes[way].extra = self._slow[way]

    def asked(self, ways: list[tuple[str, str]]) -> bool:
        """Whether anything has ever gone on one of ``ways``."""
        return any(way in self._routes for way in ways)
