"""What an exploration has found on one runtime: the ways in which a spec can end, and the invariants that it breaks.

Rule: of each there is a word that leads to it, so that nothing has to be believed.
"""

from attrs import define, field, frozen

from duality.proof.playing import Broke, Ended


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


@frozen
class Violation:
    """An ``@invariant`` that some schedule breaks. invariant: its name.   module: of which module.   said: all of it.

    word: the choices that lead to the first rest where it was seen broken (the shortest such word that was met);
    whatever is chosen then, it has been broken.
    """

    invariant: str
    module: str
    said: str
    word: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.invariant} of {self.module}"


@define
class Explored:
    """What was found on one runtime.

    schedules: run to their end.   abandoned: runs left early, for they could only repeat another.   without: the
    schedules there are in all; ``exact``: counted, and not estimated.   deepest: steps of the longest run.
    cut: which bound cut the exploration short ("depth", "limit"), "" if none did.   seconds: it took.
    invariants: how many were asked, at every rest.   broken: those that do not hold, by what they are called.
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
    invariants: int = 0
    broken: dict[str, Violation] = field(factory=dict)

    def add(self, ended: Ended) -> None:
        """A schedule has been run to its end."""
        self.schedules += 1
        self.deepest = max(self.deepest, len(ended.word))
        known = self.outcomes.get(ended.text)
        if known is None:
            self.outcomes[ended.text] = Outcome(ended.text, ended.brief, ended.deadlock, ended.word)
        else:
            known.times += 1

    def breaks(self, broke: Broke) -> None:
        """An invariant was broken in a schedule."""
        error = broke.error
        module = error.module.partition(", handed to ")[0]
        one = Violation(error.invariant, module, str(error), broke.word)
        known = self.broken.get(str(one))
        if known is None or len(one.word) < len(known.word):
            self.broken[str(one)] = one

    @property
    def deadlocks(self) -> frozenset[str]:
        """Every deadlock that was found: its cycle and who waits."""
        return frozenset(one.deadlock for one in self.outcomes.values() if one.deadlock)

    def __str__(self) -> str:
        counted = f"{self.without:,}" if self.exact else f"about {self.without:,} (estimated)"
        how = "proved" if not self.cut else f"explored to depth {self.deepest}, not proved: the {self.cut} cut it short"
        asked = f", {len(self.broken)} of {self.invariants} invariants broken" if self.invariants else ""
        return (
            f"{self.on}: {how}. {self.schedules:,} schedules run of {counted} without reduction; {len(self.outcomes)}"
            f" outcomes, {len(self.deadlocks)} deadlocks{asked}; {self.seconds:.1f} s"
        )
