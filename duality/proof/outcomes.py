"""What an exploration says: every way in which a spec can end, and a word that leads to each.

Rule: it says "proved" only if no bound cut it short and the runtimes agree; a bound is always named.
"""

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from duality.proof.playing import Ended


@define
class Outcome:
    """One way to end. ``text``: the value or error, the final states and what was left, canonical.

    brief: the value or error alone.   deadlock: the cycle and who waits, "" if it is none.   word: the choices of the
    first schedule that led here (``Schedule.of(word)``, on any runtime).   times: schedules run that led here.
    """

    text: str
    brief: str
    deadlock: str
    word: tuple[int, ...]
    times: int = 1


@define
class Explored:
    """What was found on one runtime.

    schedules: run to their end.   abandoned: runs left early, for they could only repeat another.   without: the
    schedules there are in all; ``exact``: counted, and not estimated.   deepest: steps of the longest run.
    cut: which bound cut the exploration short ("depth", "limit"), "" if none did.   seconds: it took.
    """

    on: str
    depth: int
    outcomes: dict[str, Outcome] = field(factory=dict)
    schedules: int = 0
    abandoned: int = 0
    without: int = 0
    exact: bool = True
    deepest: int = 0
    cut: str = ""
    seconds: float = 0.0

    def add(self, ended: Ended) -> None:
        """A schedule has been run to its end."""
        self.schedules += 1
        self.deepest = max(self.deepest, len(ended.word))
        known = self.outcomes.get(ended.text)
        if known is None:
            self.outcomes[ended.text] = Outcome(ended.text, ended.brief, ended.deadlock, ended.word)
        else:
            known.times += 1

    @property
    def deadlocks(self) -> frozenset[str]:
        """Every deadlock that was found: its cycle and who waits."""
        return frozenset(one.deadlock for one in self.outcomes.values() if one.deadlock)

    def __str__(self) -> str:
        counted = f"{self.without:,}" if self.exact else f"about {self.without:,} (estimated)"
        how = "proved" if not self.cut else f"explored to depth {self.deepest}, not proved: the {self.cut} cut it short"
        return (
            f"{self.on}: {how}. {self.schedules:,} schedules run of {counted} without reduction; {len(self.outcomes)}"
            f" outcomes, {len(self.deadlocks)} deadlocks; {self.seconds:.1f} s"
        )


@frozen
class Outcomes:
    """All schedules of a spec, on one runtime or several. ``sides``: by runtime. True unless the runtimes differ."""

    name: str
    sides: Mapping[str, Explored]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, in the order found, on the first runtime that was explored (see ``difference``)."""
        return tuple(self._first.outcomes.values())

    @property
    def deadlocks(self) -> frozenset[str]:
        """Every deadlock, on any runtime, each with its cycle and who waits."""
        return frozenset().union(*(side.deadlocks for side in self.sides.values()))

    @property
    def schedules(self) -> int:
        """Schedules run to their end, on all runtimes together."""
        return sum(side.schedules for side in self.sides.values())

    @property
    def without(self) -> int:
        """Schedules that there are (on one runtime) without reduction; ``exact``: counted, and not estimated."""
        return self._first.without

    @property
    def exact(self) -> bool:
        """Whether ``without`` is counted."""
        return self._first.exact

    @property
    def depth(self) -> int:
        """Steps of the longest schedule."""
        return max(side.deepest for side in self.sides.values())

    @property
    def cut(self) -> str:
        """The bound that cut it short (``depth`` or ``limit``), "" if none did."""
        return next((side.cut for side in self.sides.values() if side.cut), "")

    @property
    def difference(self) -> str:
        """The first outcome that one runtime has and another has not; "" if there is none, or a bound was met."""
        if self.cut:
            return ""
        for one in self.sides.values():
            for other in self.sides.values():
                for text, outcome in one.outcomes.items():
                    if text not in other.outcomes:
                        return (
                            f"on {one.on} and never on {other.on}: {outcome.brief}\n{text}\n"
                            f"reached by Schedule.of({list(outcome.word)})"
                        )
        return ""

    @property
    def proved(self) -> bool:
        """Whether all schedules are accounted for, and the runtimes (L6) have the same outcomes and deadlocks."""
        return not self.cut and not self.difference

    @property
    def _first(self) -> Explored:
        return next(iter(self.sides.values()))

    def counts(self) -> dict[str, dict[str, Any]]:
        """The numbers, by runtime, as plain data for a report."""
        return {
            on: {
                "schedules": side.schedules,
                "abandoned": side.abandoned,
                "without reduction": side.without,
                "counted": side.exact,
                "outcomes": len(side.outcomes),
                "deadlocks": len(side.deadlocks),
                "depth": side.deepest,
                "cut": side.cut,
                "seconds": round(side.seconds, 3),
            }
            for on, side in self.sides.items()
        }

    def __bool__(self) -> bool:
        return not self.difference

    def __str__(self) -> str:
        lines = [f"{self.name}: {'proved' if self.proved else 'not proved'}", *map(str, self.sides.values())]
        for one in self.outcomes:
            lines.append(f"  {one.times:>6} x {one.brief}   Schedule.of({list(one.word)})")
        if self.difference:
            lines.append(f"The runtimes differ: {self.difference}")
        return "\n".join(lines)
