"""What an exploration says: every way in which a spec can end, and a word that leads to each.

Rule: it says "proved" only if no bound cut it short and the runtimes agree; a bound is always named.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from duality.proof.explored import Explored, Outcome, Violation


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
    def broken(self) -> tuple[Violation, ...]:
        """Every invariant that does not hold, of every module, on any runtime; in the order found."""
        found: dict[str, Violation] = {}
        for side in self.sides.values():
            found = {**side.broken, **found}
        return tuple(found.values())

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
        """The first outcome, or broken invariant, that one runtime has and another has not.

        "" if there is none, or a bound was met.
        """
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
                for name, violation in one.broken.items():
                    if name not in other.broken:
                        return (
                            f"broken on {one.on} and never on {other.on}: {violation.said}\n"
                            f"reached by Schedule.of({list(violation.word)})"
                        )
        return ""

    @property
    def proved(self) -> bool:
        """Whether all schedules are accounted for, and the runtimes (L6) have the same outcomes and deadlocks.

        Not that these are wanted: see ``deadlocks`` and ``broken``.
        """
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
                "invariants": side.invariants,
                "broken": len(side.broken),
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
        lines += [f"  broken: {one}   Schedule.of({list(one.word)})" for one in self.broken]
        if self.difference:
            lines.append(f"The runtimes differ: {self.difference}")
        return "\n".join(lines)
