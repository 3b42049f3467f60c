"""Run a drawn application under many schedules on the three runtimes, and say where they differ first.

Every trial is compared whole: the choices offered at every step, the steps, the outcome, the walk, the operations asked
of the I/O core. The oracle, CPython's own coroutines, plays the schedule; the others play it too.
"""

import gc
import itertools
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

from attrs import define, evolve, field, frozen

from duality.compiler import graph_of
from duality.core.io.simulated import SimulatedIO
from duality.core.recorder import Contradiction
from duality.graph import BlockingGraph
from duality.proof import Schedule, ScheduleError
from duality.proof.strategies import Spec, faults_of
from duality.proof.strategies.chance import Rolled
from duality.proof.trial import RUNTIMES, Trial, trial

CROSSINGS = ("direct", "queued")
# What a drawn program never ends with, unless it is no program, or a runtime has made something else of it.
NONSENSE = frozenset(
    "SpecError SyntaxError NameError UnboundLocalError TypeError AttributeError RecursionError".split()
)


@frozen
class Difference:
    """What was found, in which run. ``kind``: a few words that stay the same while the program gets smaller."""

    kind: str
    said: str
    crossing: str = "direct"
    word: tuple[int, ...] = ()
    number: int = 0  # of the schedule, which decides the I/O core too

    def __str__(self) -> str:
        return f"{self.kind} (crossing={self.crossing}, core={self.number}, word={list(self.word)})\n{self.said}"


@define
class Counted:
    """What was run. ``ends``: how runs ended, by the name of the error, or ``value``."""

    runs: int = 0
    steps: int = 0
    schedules: int = 0
    words: int = 0  # different ones, of an application, summed up
    edges: int = 0
    edges_total: int = 0
    ends: Counter[str] = field(factory=Counter)

    def add(self, other: "Counted") -> None:
        """Put two counts together."""
        for name in ("runs", "steps", "schedules", "words", "edges", "edges_total"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ends += other.ends


Played = list[tuple[int, Schedule]]
"""Schedules, each with the number of the I/O core that it is played on (see ``core``)."""


def schedules(count: int) -> Played:
    """So many, of all kinds."""
    drawn = (made for seed in itertools.count() for made in (Schedule.seeded(seed), Schedule.pct(seed, 3, 40)))
    some = [Schedule.fifo(), Schedule.round_robin(), *itertools.islice(drawn, max(0, count - 2))]
    return list(enumerate(some[:count]))


def difference(spec: Spec, played: Played, counted: Counted | None = None) -> Difference | None:
    """The first difference between the runtimes, or None. Nothing of the run is left behind."""
    counted = counted or Counted()
    gc.collect()
    gc.disable()  # or a generator of one run might be found to be garbage in another one, and say so there
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # waits without a loop are there on purpose
            return next(_differences(spec, played, counted), None)
    finally:
        gc.enable()


def _differences(spec: Spec, played: Played, counted: Counted) -> Iterator[Difference]:
    static = {}
    for text in ("spec", "events", "threads"):
        try:
            static[text] = graph_of(spec.app, text, **spec.params)
        except Exception as error:
            yield Difference(f"cannot be compiled: {type(error).__name__}", str(error))
            return
    for text in ("events", "threads"):
        apart = static["spec"].diff(static[text], left="spec", right=text)
        if apart:
            yield Difference(f"the static graphs of spec and {text} differ", str(apart))
    walked = BlockingGraph.from_edges([])
    words = set()
    for number, schedule in played:
        for crossing in CROSSINGS:
            seen: dict[str, Trial] = {}
            for on in RUNTIMES:
                made = observed(spec, on, schedule.again(), crossing, number)
                if isinstance(made, Difference):
                    yield evolve(made, number=number)
                    return
                seen[on] = made
                counted.runs += 1
                counted.steps += len(made.steps)
            yield from (evolve(one, number=number) for one in _apart(seen, crossing))
            oracle = seen["oracle"]
            words.add((crossing, oracle.word))
            walked |= oracle.walked
            error = oracle.outcome.get("error")
            counted.ends[error[0] if error else "value"] += 1
        counted.schedules += 1
        if number % 20 == 0:  # (L5)
            on = RUNTIMES[len(spec.text) % 3]
            again = observed(spec, on, schedule.again(), crossing, number)
            if again != seen[on]:
                yield Difference(f"the same run again on {on} is another", str(again), crossing, seen[on].word)
    counted.words += len(words)
    counted.edges += len(walked.edges)
    counted.edges_total += len(static["spec"].edges)
    if not walked <= static["spec"]:
        yield Difference("walked edges that are not in the static graph", str(walked.diff(static["spec"])))


def core(number: int) -> SimulatedIO:
    """The I/O core of the runs with the schedule of this number: every other one has faults."""
    return SimulatedIO(number, faults=faults_of(Rolled(f"faults/{number}")) if number % 2 else None)


def observed(spec: Spec, on: str, schedule: Schedule, crossing: str, number: int) -> Trial | Difference:
    """One run seen whole, or what is wrong with it by itself."""
    io = core(number)
    try:
        seen = trial(lambda: spec.app.build(**spec.params), on, schedule, io, crossing=crossing)
        seen.outcome["open"] = io.leaked()
    except (Contradiction, ScheduleError) as error:
        return Difference(f"{on}: {type(error).__name__}", str(error), crossing, tuple(schedule.word))
    error: Any = seen.outcome.get("error")
    if error is not None and error[0] in ("KeyboardInterrupt", "SystemExit"):
        raise KeyboardInterrupt  # somebody has stopped us, and the run took it for its own
    if error is not None and error[0] in NONSENSE:
        return Difference(f"{on}: ends with {error[0]}", str(error), crossing, seen.word)
    return seen


def _apart(seen: dict[str, Trial], crossing: str) -> Iterator[Difference]:
    """Where the others part from the oracle."""
    oracle = seen["oracle"]
    for on in ("threads", "events"):
        other = seen[on]
        for number, (left, right) in enumerate(itertools.zip_longest(oracle.steps, other.steps)):
            if left != right:
                said = f"step {number}\n  oracle: {left}\n  {on}: {right}"
                yield Difference(f"{on}: another step", said, crossing, oracle.word)
                return
        for name in oracle.outcome:
            if oracle.outcome[name] != other.outcome.get(name):
                said = f"  oracle: {oracle.outcome[name]}\n  {on}: {other.outcome.get(name)}"
                yield Difference(f"{on}: another {name}", said, crossing, oracle.word)
                return
        if other.walked != oracle.walked:
            yield Difference(f"{on}: another walk", str(oracle.walked.diff(other.walked)), crossing, oracle.word)
        elif other.asked != oracle.asked:
            said = "\n".join(("oracle:", *oracle.asked, f"{on}:", *other.asked))
            yield Difference(f"{on}: other operations", said, crossing, oracle.word)
        elif other.word != oracle.word:
            yield Difference(f"{on}: another word", f"{other.word}", crossing, oracle.word)
