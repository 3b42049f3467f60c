"""Run a drawn application under many schedules on the three runtimes, and say where they differ first.

Every trial is compared whole: the choices offered at every step, the steps, the outcome, the invariant that was broken,
the walk, the operations asked of the I/O core; of some schedules, what is kept at each rest, too (L4). The oracle,
CPython's own coroutines, plays the schedule; the others play it too.
"""

import gc
import itertools
import warnings
from collections import Counter
from collections.abc import Iterator

from attrs import define, evolve, field

from duality.compiler import graph_of
from duality.graph import BlockingGraph
from duality.proof import Schedule
from duality.proof.rests import KEEPERS, Rests, unlike
from duality.proof.strategies import Spec
from duality.proof.trial import RUNTIMES, Trial
from tests.proof.strategies.observed import Difference, eyes, observed

CROSSINGS = ("direct", "queued")


@define
class Counted:
    """What was run. ``ends``: how runs ended, by the name of the error, or ``value``."""

    runs: int = 0
    steps: int = 0
    schedules: int = 0
    words: int = 0  # different ones, of an application, summed up
    edges: int = 0
    edges_total: int = 0
    rests: int = 0  # that were looked into, on each side
    ends: Counter[str] = field(factory=Counter)

    def add(self, other: "Counted") -> None:
        """Put two counts together."""
        for name in ("runs", "steps", "schedules", "words", "edges", "edges_total", "rests"):
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
            kept = eyes(number)
            for on in RUNTIMES:
                made = observed(spec, on, schedule.again(), crossing, number, kept.get(on))
                if isinstance(made, Difference):
                    yield evolve(made, number=number)
                    return
                seen[on] = made
                counted.runs += 1
                counted.steps += len(made.steps)
            oracle = seen["oracle"]
            found = itertools.chain(_apart(seen, crossing), _kept(kept, crossing, oracle.word))
            yield from (evolve(one, number=number) for one in found)
            counted.rests += max((len(one.kept) for one in kept.values()), default=0)
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


def _apart(seen: dict[str, Trial], crossing: str) -> Iterator[Difference]:
    """Where the others part from the oracle."""
    oracle = seen["oracle"]
    for on in ("threads", "events"):
        other = seen[on]
        if other.outcome["broken"] != oracle.outcome["broken"]:
            said = f"  oracle: {oracle.outcome['broken']}\n  {on}: {other.outcome['broken']}"
            yield Difference(f"{on}: another invariant is broken", said, crossing, oracle.word)
            return
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


def _kept(kept: dict[str, Rests], crossing: str, word: tuple[int, ...]) -> Iterator[Difference]:
    """(L4) Where the record holds something else than what lives on the stack."""
    if not kept:
        return
    try:
        fact = unlike(*(kept[on] for on in KEEPERS))
    except Exception as error:
        yield Difference(f"a rest cannot be looked into: {type(error).__name__}", str(error), crossing, word)
        return
    if fact is not None:
        yield Difference("something else is kept at a rest", f"{fact.place}: {fact.said}", crossing, word)
