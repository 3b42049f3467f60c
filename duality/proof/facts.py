"""What a watcher has found, as plain data: a check makes a finding of it.

Rule: a fact says the same on every runtime. It names tasks by birth, modules by path, and places by file and line.
"""

from attrs import frozen


@frozen
class Fact:
    """One thing that is wrong with one run.

    kind: a key of ``verdict.LAWS``.   said: in one or a few sentences.   place: ``file:line`` of the spec, or "".
    step: of the trace, from 0; None if it shows only in the end.   tasks: the names of those concerned, in order of
    birth.   cycle: who waits for whom, round to the first, where that is how it is.
    """

    kind: str
    said: str
    place: str = ""
    step: int | None = None
    tasks: tuple[str, ...] = ()
    cycle: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return "\n  ".join([f"{where}{self.kind}: {self.said}", *self.cycle])
