"""The footprint of a step: what of the shared state it has read and what it has written. Recorded, never guessed.

    a step                          what it writes, or (r) reads
    crosses into a module, leaves   the module's gate; where it must queue, also (r) whom the wait leads to
    waits, signals                  the condition; a signal that nobody waits for only (r)
    forks, ends, joins              the child; the end of the task; (r) the end of the task that is joined
    cancels                         the task, which every step of that task reads
    uses a module's field           the field: (r) if an immutable value is read, else written
    uses the I/O core               the core: everything but time is one resource

Rules: two steps are dependent if one writes what the other reads or writes. A footprint is two bit sets, for they are
compared more often than they are made; a key means the same in every run of one exploration.
"""

from collections.abc import Hashable, Iterator
from typing import Any

from attrs import frozen

EVERYTHING = -1


@frozen
class Footprint:
    """``reads`` and ``writes``: bit sets over the keys of one exploration. EVERYTHING is every key there will be."""

    reads: int = 0
    writes: int = 0

    def conflicts(self, other: "Footprint") -> bool:
        """Whether the order of the two steps may matter."""
        return bool(self.writes & (other.reads | other.writes) or self.reads & other.writes)


class Footprints:
    """Collects what the step under way touches. One for all runs of an exploration, so that keys keep their bits.

    index: of the step, from 0; -1 between steps.   task: whose step it is.   births: whether a task was born in it.
    """

    def __init__(self) -> None:
        self.bits: dict[Hashable, int] = {}
        self.reads = self.writes = 0
        self.index = -1
        self.task = ""
        self.enablers: dict[str, int] = {}  # by task: steps that its next one comes after, besides the one that woke it
        self.shared: Any = None  # of the run under way
        self.silent = 0  # while what happens has been recorded in better words

    def bit(self, key: Hashable) -> int:
        """The bit of ``key``."""
        bit = self.bits.get(key)
        if bit is None:
            bit = self.bits[key] = 1 << len(self.bits)
        return bit

    def read(self, key: Hashable) -> None:
        """The step has looked at ``key``."""
        if not self.silent:
            self.reads |= self.bit(key)

    def write(self, key: Hashable) -> None:
        """The step has changed ``key``, or may have."""
        if not self.silent:
            self.writes |= self.bit(key)

    def everything(self) -> None:
        """The step must not be reordered with any other."""
        self.writes = EVERYTHING

    def joined(self, task: Any) -> None:
        """The step has asked for the result of ``task``."""
        self.shared.joined(task)

    def enabled(self, task: str, steps: int, joined: tuple[Any, ...]) -> None:
        """The next step of ``task`` comes after all of ``steps``, a bit set, and has the results of ``joined``."""
        self.enablers[task] = self.enablers.get(task, 0) | steps
        for one in joined:
            self.shared.joining(task, one)

    def begin(self, index: int, task: str) -> None:
        """A step of ``task`` begins."""
        self.index, self.task, self.silent = index, task, 0
        self.reads, self.writes = self.bit(("task", task)), 0

    def end(self) -> Footprint:
        """The step is over: what it touched. What is recorded until the next begins belongs to none."""
        made = Footprint(self.reads, self.writes)
        self.index, self.reads, self.writes = -1, 0, 0
        return made

    def told(self, footprint: Footprint) -> Iterator[str]:
        """What a footprint is of, in words, for people and for tests."""
        for key, bit in self.bits.items():
            if footprint.writes & bit:
                yield f"writes {_words(key)}"
            elif footprint.reads & bit:
                yield f"reads {_words(key)}"


def _words(key: Hashable) -> str:
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
