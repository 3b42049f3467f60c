"""``explore``: every schedule of a spec, less those that only repeat others.

Rules: each runtime is explored by itself, from its own footprints, and only then are they compared (L6). A run is a
fresh one: nothing is kept of a state but the word that leads to it.
Source: Godefroid 1997 (VeriSoft: stateless search); Abdulla et al. 2014 (source sets); see ``reduction.py``.
"""

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

from duality.core.io.simulated import SimulatedIO
from duality.proof.explored import Explored
from duality.proof.extensions import Extensions, Probe
from duality.proof.fields import Reasons
from duality.proof.footprints import Footprints
from duality.proof.guard import STALL, Guard, bounded
from duality.proof.looking import Sight, invariants_in
from duality.proof.outcomes import Outcomes
from duality.proof.outside import Outside
from duality.proof.playing import Ended, Player
from duality.proof.reduction import Search, TooDeep
from duality.proof.trial import RUNTIMES
from duality.proof.unseen import refuse
from duality.proof.watching import quiet
from duality.spec.application import Application
from duality.spec.module import modules_below

DEPTH = 10_000
PROBES = 25
"""Random runs from which the number of schedules is estimated, where it is not counted."""


def explore(
    app: Application,
    on: str | Sequence[str] = ("threads", "events", "oracle"),
    *,
    depth: int | None = None,
    limit: int | None = None,
    crossing: str = "direct",
    io: Any = None,
    reduce: bool = True,
    stall: float = STALL,
    progress: Callable[[Explored], object] | None = None,
    **params: Any,
) -> Outcomes:
    """Run every schedule of ``app`` that is not equivalent to one run before, and tell all that can come of it.

    on: a runtime or several, which are compared.   depth: steps after which a run is cut short (10,000 by default).
    limit: schedules that are run on each runtime, at most.   crossing: ``direct`` or ``queued``.   io: an I/O core with
    ``again()``, whose settings every run uses afresh (a SimulatedIO by default).   reduce: leave out schedules that
    are equivalent to others.   stall: seconds that a step may take (in the main OS thread).   progress: called with
    what is known after every run.   params: the application's own.
    Every ``@invariant`` is asked at every rest (``Outcomes.broken``); a run that breaks one goes on to its end.
    Blocks the OS thread, for as many runs as it takes. Raises ValueError (no such runtime, a bound below 1),
    NondeterminismError, SpecError (state outside the modules changes; an invariant does more than look; the application
    is built wrongly), ScheduleError (a step does not end).
    """
    sides = (on,) if isinstance(on, str) else tuple(on)
    _good(sides, depth, limit, crossing, io)
    core = SimulatedIO() if io is None else io
    found = {}
    with Guard(bounded(stall)):
        for side in sides:
            found[side] = _Exploring(app, params, side, core, crossing).all(depth or DEPTH, limit, reduce, progress)
    return Outcomes(app.name, found)


def _good(on: Sequence[str], depth: int | None, limit: int | None, crossing: str, io: Any) -> None:
    if not on:
        raise ValueError("on must name a runtime: an exploration that runs nothing proves nothing")
    for side in on:
        if side not in RUNTIMES:
            raise ValueError(f"on must be of {', '.join(RUNTIMES)}, not {side!r}")
    for name, bound in (("depth", depth), ("limit", limit)):
        if bound is not None and bound < 1:
            raise ValueError(f"{name} must be at least 1, not {bound!r}")
    if crossing not in ("direct", "queued"):
        raise ValueError(f"crossing must be 'direct' or 'queued', not {crossing!r}")
    if io is not None and not hasattr(io, "again"):
        raise ValueError(f"io must be a simulated I/O core: the schedules of {type(io).__name__} are in nobody's hands")
    if "log=False" in repr(io):
        raise ValueError("io must keep its log: what a step asks of it is a part of the step's footprint")


class _Exploring:
    """One application on one runtime."""

    def __init__(self, app: Application, params: dict[str, Any], on: str, core: Any, crossing: str) -> None:
        self.build: Callable[[], Any] = functools.partial(app.build, **params)
        self.on, self.core, self.crossing = on, core, crossing
        modules = modules_below(self.build())
        refuse(modules)
        self.outside = Outside(dict.fromkeys(type(instance) for _, instance in modules))
        self.seen, self.reasons = Footprints(), Reasons()
        self.sight = Sight() if invariants_in(app, **params) else None

    def all(
        self, depth: int, limit: int | None, reduce: bool, progress: Callable[[Explored], object] | None
    ) -> Explored:
        """Every schedule; from the start again when steps turn out to depend on each other that had seemed not to."""
        began = time.perf_counter()
        while True:
            known = self._known()
            found = self._search(depth, limit, reduce, progress)
            if not reduce or known == self._known():
                break
        found.seconds = time.perf_counter() - began
        return found

    def _known(self) -> Any:
        """What is known of the spec as a whole that makes steps depend on each other."""
        return self.reasons.births, self.reasons.polls, dict(self.sight.reads) if self.sight is not None else None

    def _search(
        self, depth: int, limit: int | None, reduce: bool, progress: Callable[[Explored], object] | None
    ) -> Explored:
        search, found, extensions = Search(reduce, depth), Explored(self.on, depth), Extensions()
        known = self._known()
        while True:
            player = Player(search, self.seen, self.reasons, self.outside, self.sight)
            ended = player.play(self.build, self.on, quiet(self.core.again()), self.crossing)
            if reduce and known != self._known():
                return found
            self._add(found, player, ended)
            if ended is not None:
                extensions.add(search.events)
            if progress is not None:
                progress(found)
            if not search.advance():
                break
            if found.schedules + found.abandoned >= (limit or float("inf")):
                found.cut = "limit"
                break
        self._count(found, extensions, depth, reduce)
        return found

    def _add(self, found: Explored, player: Player, ended: Ended | None) -> None:
        """One more run, to its end or not."""
        for broke in player.broke:
            found.breaks(broke)
        if self.sight is not None:
            found.invariants = len(self.sight.asked)
        if ended is not None:
            found.add(ended)
        elif isinstance(player.left, TooDeep):
            found.cut, found.deepest = "depth", max(found.deepest, found.depth)
        else:
            found.abandoned += 1

    def _count(self, found: Explored, extensions: Extensions, depth: int, reduce: bool) -> None:
        """How many schedules there are without reduction."""
        if not reduce and not found.cut:
            found.without = found.schedules
        elif extensions.total is not None and not found.cut:
            found.without = extensions.total
        else:
            probes = [Probe(seed, depth) for seed in range(PROBES)]
            for probe in probes:
                Player(probe, Footprints(), Reasons(), self.outside).play(
                    self.build, self.on, quiet(self.core.again()), self.crossing
                )
            found.without, found.exact = sum(probe.product for probe in probes) // PROBES, False
