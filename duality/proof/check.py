"""``check``: many schedules on the three runtimes, the law judged on each, and the first finding made small.

Rules: a check that ran nothing fails; the same seed gives the same verdict, in however many processes. What is judged,
and when: docs/meaning.md, the law; ``case.py``, ``ends.py``.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

from attrs import evolve

from duality.proof import law
from duality.proof.case import Case
from duality.proof.guard import STALL, Guard, bounded
from duality.proof.jobs import played
from duality.proof.paper import write
from duality.proof.plan import CROSSINGS, KINDS, Plan
from duality.proof.shrink import shrunk
from duality.proof.tally import Player, Tally
from duality.proof.verdict import LAWS, Finding, Interrupted, Progress, Setting, Verdict
from duality.spec.application import Application

ALLOWED = ("invariant", "error", "assertion", "deadlock", "lost wake-up", "starvation", "leak")
"""The laws of a single run that a caller may declare to be no failure."""


def check(
    app: Application,
    *,
    schedules: int = 100,
    seed: int = 0,
    kinds: Sequence[str] = tuple(KINDS),
    crossings: Sequence[str] = CROSSINGS,
    io: Any = None,
    allow: Collection[str] = (),
    jobs: int = 1,
    starve: int = 1000,
    stall: float = STALL,
    progress: Callable[[Progress], None] | None = None,
    replay: str | None = None,
    **params: Any,
) -> Verdict:
    """Whether threads, events and the oracle are the same program, and a sound one, on ``schedules`` schedules.

    kinds: of schedules, from ``plan.KINDS``.   io: an I/O core whose settings every run uses afresh; by default the
    simulated one.   allow: what is no failure, from ``ALLOWED``.   jobs: processes.   starve: steps that a ready task
    may be passed over.   stall: seconds that a step may take (in the main OS thread).   progress: called now and then.
    replay: where to write the file that plays a finding again.
    params: the application's; ``app.given(...)`` gives those that have one of the names above.
    Blocks until all are played or something is found; it is then made small, which takes some seconds at most.
    Raises ValueError for arguments that make no check, SpecError for a spec that is refused, Interrupted.
    """
    plan = Plan(schedules, seed, kinds, crossings)
    _known(app, allow, jobs, starve)
    with Guard(bounded(stall)):
        app.build(**params)
        return _verdict(Player(Case(app, io, starve), plan, params, allow), jobs, progress, replay)


def _verdict(player: Player, jobs: int, progress: Callable[[Progress], None] | None, replay: str | None) -> Verdict:
    """Compare the texts, then play the plan; make small what was found, and write it down."""
    began, case, tally = time.perf_counter(), player.case, Tally()
    texts = case.graphs(**player.params)
    total, found, stopped = len(texts["spec"].edges), law.same_texts(texts), False
    if found is not None:
        found = evolve(found, setting=Setting(player.params))
    else:
        found, stopped = _found(player, jobs, tally, _telling(progress, player.plan.schedules, total, began))
    path = write(replay, case, found) if replay is not None and found is not None else None
    ran = tally.schedules, tally.runs, tally.steps, time.perf_counter() - began, len(tally.edges), total
    verdict = None
    if tally.schedules or found is not None:
        verdict = Verdict(*ran, found, path, tally.allowed, case.app.name, tally.left(texts["spec"].edges))
    if stopped or verdict is None:
        raise Interrupted(verdict)
    return verdict


def _found(player: Player, jobs: int, tally: Tally, tell: Callable[[Tally], None]) -> tuple[Finding | None, bool]:
    """What the plan finds, made small, and whether it was interrupted; what was found by then is kept."""
    stopped = False
    try:
        played(player, player.plan.schedules, jobs, tally, tell)
    except KeyboardInterrupt:
        stopped = True
        tell(tally)
    if tally.first is None:
        return None, stopped
    try:
        found = _again(player, tally.first)
    except KeyboardInterrupt:  # one schedule more, and there is something to show; a second interrupt ends that as well
        stopped, found = True, _again(player, tally.first)
    return (found, stopped) if stopped else shrunk(player.case, found)


def _telling(progress: Callable[[Progress], None] | None, of: int, edges: int, began: float) -> Callable[[Tally], None]:
    """What tells ``progress`` how far a tally has come."""

    def tell(tally: Tally) -> None:
        if progress is not None:
            seconds = time.perf_counter() - began
            progress(Progress(tally.schedules, of, tally.schedules / seconds, len(tally.edges), edges, seconds))

    return tell


def _again(player: Player, number: int) -> Finding:
    """What schedule ``number`` was found to break, found again; if it is not, that is what is told."""
    kept, before = player.stalled or (None, None)
    played = before if before is not None and kept == number else player.play(number)
    found = player.fault(played)
    if found is not None:
        return found
    said = f"uncontrolled nondeterminism at step 0: schedule {number} showed something, and then nothing"
    return Finding("nondeterminism", said, step=0, trials=played.trials[:1], setting=played.setting)


def _known(app: Any, allow: Collection[str], jobs: int, starve: int) -> None:
    if not isinstance(app, Application):
        raise ValueError(f"check wants an application (a function marked @application), not {app!r}")
    if isinstance(allow, str):
        raise ValueError(f"allow must be several names, as in ({allow!r},), not the text {allow!r}")
    for one in allow:
        if one not in ALLOWED:
            why = "may not be allowed" if one in LAWS else "is no finding"
            raise ValueError(f"{one!r} {why}; allow takes {', '.join(ALLOWED)}")
    for name, value in (("jobs", jobs), ("starve", starve)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be at least 1, not {value!r}")
