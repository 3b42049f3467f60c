"""One run of a drawn application seen whole, on an I/O core and under eyes that the number of its schedule decides.

Who looks costs, and who ends a run hides what comes after. So not all runs are looked into, and of each application
some are: those of a schedule are looked into on all runtimes, with both crossings, or on none.
"""

from typing import Any

from attrs import evolve, frozen

from duality.core.io.simulated import SimulatedIO
from duality.core.recorder import Contradiction
from duality.proof import Schedule, ScheduleError
from duality.proof.invariants import Invariants
from duality.proof.rests import KEEPERS, Rests
from duality.proof.strategies import Spec, faults_of
from duality.proof.strategies.chance import Rolled
from duality.proof.trial import Trial, trial

# What a drawn program never ends with, unless it is no program, or a runtime has made something else of it.
NONSENSE = frozenset(
    "SpecError SyntaxError NameError UnboundLocalError TypeError AttributeError RecursionError".split()
)
LOOKED_INTO = 5  # one schedule of so many is looked into at every rest (L4): it costs as much as the run


@frozen
class Difference:
    """What was found, in which run. ``kind``: a few words that stay the same while the program gets smaller."""

    kind: str
    said: str
    crossing: str = "direct"
    word: tuple[int, ...] = ()
    number: int = 0  # of the schedule, which decides the I/O core too, and who looks

    def __str__(self) -> str:
        return f"{self.kind} (crossing={self.crossing}, core={self.number}, word={list(self.word)})\n{self.said}"


def core(number: int) -> SimulatedIO:
    """The I/O core of the runs with the schedule of this number: every other one has faults."""
    return SimulatedIO(number, faults=faults_of(Rolled(f"faults/{number}")) if number % 2 else None)


def promises_count(number: int) -> bool:
    """Whether a broken invariant ends a run with the schedule of this number: half of them, with faults and without."""
    return number % 4 < 2


def eyes(number: int) -> dict[str, Rests]:
    """Who notes what is kept at the rests of the runs with the schedule of this number; nobody, for most."""
    return {on: Rests(on) for on in KEEPERS} if number % LOOKED_INTO == 1 else {}


def observed(
    spec: Spec, on: str, schedule: Schedule, crossing: str, number: int, rests: Rests | None = None
) -> Trial | Difference:
    """One run seen whole, or what is wrong with it by itself. ``rests``: notes what is kept in it.

    ``broken`` in its outcome: the invariant that has ended it, at which step, and in what words; "" if none has.
    """
    io, invariants = core(number), Invariants()
    watchers = [*[invariants] * promises_count(number), *filter(None, [rests])]
    try:
        seen = trial(
            lambda: spec.app.build(**spec.params), on, schedule, io, crossing=crossing, watchers=watchers
        )  # fmt: skip
    except (Contradiction, ScheduleError) as error:
        return Difference(f"{on}: {type(error).__name__}", str(error), crossing, tuple(schedule.word))
    error: Any = seen.outcome.get("error")
    if stopped(error):
        raise KeyboardInterrupt
    if error is not None and error[0] in NONSENSE:
        return Difference(f"{on}: ends with {error[0]}", str(error), crossing, seen.word)
    return evolve(seen, outcome={"broken": _told(invariants), **seen.outcome, "open": io.leaked()})


def stopped(error: Any) -> bool:
    """Whether an error of a run (as ``described``) has to do with a signal: it is we who were to stop, not the run."""
    if error is None:
        return False
    name, _, _, inner, cause, context = error
    return name in ("KeyboardInterrupt", "SystemExit") or any(map(stopped, (*inner, cause, context)))


def _told(invariants: Invariants) -> str:
    """What was broken, each of its parts by name."""
    broken = invariants.broken
    if broken is None:
        return ""
    parts = ("invariant", "step", "who", "why", "module", "fields", "file", "line", "__notes__")
    return "\n".join([*(f"{part}: {getattr(broken, part, None)}" for part in parts), str(broken)])
