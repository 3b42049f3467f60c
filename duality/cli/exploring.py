"""All schedules of one application, as a command asks for them: what was found, and the run that shows it."""

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from duality.proof.case import Case
from duality.proof.explore import explore
from duality.proof.guard import Guard
from duality.proof.outcomes import Outcomes
from duality.proof.paper import write
from duality.proof.schedule import Schedule
from duality.proof.shrink import shrunk
from duality.proof.verdict import Finding, Interrupted, Setting, Verdict


def explored(
    app: Any, verdict: Verdict, crossings: Sequence[str], allow: Sequence[str], io: Any, file: str | None, **bounds: Any
) -> tuple[Verdict, dict[str, dict[str, Any]]]:
    """``verdict``, with what an exploration finds, and its counts by crossing and runtime. Blocks. Raises Interrupted.

    allow: laws whose breach is no finding.   io: the I/O core, or None.   file: where to write a finding down.
    bounds: ``on``, ``depth``, ``limit``, ``stall``, ``progress``, as ``explore`` takes them.
    """
    counts: dict[str, dict[str, Any]] = {}
    stopped = False
    with Guard(bounds.get("stall")):
        for crossing in crossings:
            try:
                outcomes = explore(app, crossing=crossing, io=io, **bounds)
                case, found = Case(app, io), None
                if verdict.finding is None:
                    found, stopped = finding(case, outcomes, crossing, allow)
            except KeyboardInterrupt:
                raise Interrupted(verdict) from None
            counts |= {f"{side}, {crossing}": one for side, one in outcomes.counts().items()}
            if found is not None:
                path = write(file, case, found) if file is not None and found.trials else None
                verdict = evolve(verdict, finding=found, replay=path)
            if stopped:
                raise Interrupted(verdict)
    return verdict, counts


def finding(case: Case, outcomes: Outcomes, crossing: str, allow: Sequence[str]) -> tuple[Finding | None, bool]:
    """What is wrong with what was found: the runtimes differ (L6), an invariant is broken, or a run ends badly.

    Also whether an interrupt kept it from being made small.
    """
    if outcomes.difference:
        return Finding("L6", outcomes.difference, setting=Setting(crossing=crossing)), False
    leader = next(iter(outcomes.sides))
    for broken in outcomes.broken if "invariant" not in allow else ():
        setting = case.setting({}, crossing, leader, 0)
        shown = (found for found in case.play(Schedule.of(broken.word), setting).found if found.law == "invariant")
        # One that the replay does not show is told all the same: never a silent pass.
        return shrunk(case, next(shown, Finding("invariant", broken.said, setting=evolve(setting, word=broken.word))))
    for one in outcomes.outcomes:
        if one.deadlock or not one.brief.startswith("value "):
            played = case.play(Schedule.of(one.word), case.setting({}, crossing, leader, 0))
            found = next((found for found in played.found if found.law not in allow), None)
            if found is not None:
                return shrunk(case, found)
    return None, False
