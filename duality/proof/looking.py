"""Every ``@invariant`` asked in an exploration: at the rests of each run that is made, for all that it stands for.

    read    the parts (fields of modules, ends of tasks) that the invariants of a module have read at any rest so far
    shown   a step that writes one of these, or in which the module becomes consistent, or is so no longer

Rules:
- Two steps that are shown of one module are dependent, even if they have nothing else in common. So every schedule that
  a run stands for takes them in the same order, and whatever an invariant can see at a rest of any of them, it sees at
  a rest of the run that is made.
- What is read is recorded. Whenever it is more than was known, the exploration starts again. When it no longer is, an
  invariant would read nothing else at the rests that are left out: what it has read there, it has read here as well.
- What the task inside changes in the middle of its entry is not shown: nobody is asked before it comes out.
- An invariant that asks for the time is shown every step, for when it is asked matters.
- A broken invariant is noted, and the run goes on: what can come of the spec does not depend on who looks.

Source: Peled 1993, "All from one, one for all" (visible operations must depend on each other).
"""

from collections.abc import Sequence
from types import FunctionType
from typing import Any

from attrs import define, field

from duality.compiler.program import procedures
from duality.core.gate import GATE
from duality.errors import InvariantBroken
from duality.proof.footprints import EVERYTHING, Footprints
from duality.proof.invariants import Invariants, Looked
from duality.spec.application import Application
from duality.spec.invariant import blocks, invariants_of
from duality.spec.marks import named

_READ = frozenset({"field", "end", "the clock"})
"""The kinds of parts that may be touched by whoever only looks."""
_CLOCK = ("the clock",)


@define
class Sight:
    """What is known of the invariants of one application on one runtime. It only grows.

    reads: the parts that those of a module have read, as a bit set, by the module's name; EVERYTHING if that is the
    clock.   harmless: the parts that may be read, as far as they have been met.   asked: the names of the invariants.
    """

    reads: dict[str, int] = field(factory=dict)
    harmless: int = 0
    asked: set[str] = field(factory=set)

    def known(self) -> dict[str, int]:
        """What the dependencies between steps rest on, as it is now."""
        return dict(self.reads)


def invariants_in(app: Application, **params: Any) -> bool:
    """Whether any module has an invariant: of those that are wired, or may be built by a procedure."""
    owners = {owner for _, owner in procedures(app, **params)}
    return any(invariants_of(cls) for cls in (*app.classes(**params), *owners) if cls is not None)


class Looking(Invariants):
    """The invariants of one run. ``all``: those found to be broken, in the order found, some again and again."""

    def __init__(self, seen: Footprints, sight: Sight) -> None:
        super().__init__()
        self.seen, self.sight = seen, sight
        self.all: list[InvariantBroken] = []
        self.steps = 0
        self.met: set[Looked] = set()

    def find(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """And note when one asks for the time."""
        super().find(runtime, modules)
        now = runtime.verbs.now

        def timed() -> float:
            if self.asked is not None:
                self.seen.read(_CLOCK)
            return float(now())

        runtime.verbs.now = timed

    def over(self, task: Any) -> None:
        """The step of ``task`` is over, but its footprint is not closed: mark it with the modules it is shown of."""
        seen = self.seen
        seen.silent += 1  # who is inside of a module is looked at by us, and not by the step
        try:
            shown = [name_of(module) for module in self.looked.values() if self._shown(module, task)]
        finally:
            seen.silent -= 1
        for name in shown:
            seen.write(("invariants", name))

    def _shown(self, module: Looked, task: Any) -> bool:
        before, known = module.fresh, module in self.met
        self.met.add(module)
        now = module.consistent(task)
        reads = self.sight.reads.get(name_of(module), 0)
        if not known or now is not before or reads == EVERYTHING:
            return True
        inside = not now and module.holder is task
        return not inside and bool(self.seen.writes & reads)

    def look(self, runtime: Any, task: Any, steps: int, asks: bool) -> None:
        """Everybody rests, after ``steps`` steps. asks: else it is only noted who is in the middle of something."""
        self.met.update(self.looked.values())
        self.steps = steps
        if asks:
            self.rest(runtime, task)
            self.asked = None
        else:
            for module in self.looked.values():
                module.consistent(task)

    def ask(self, module: Looked, function: FunctionType) -> tuple[Any, bool]:
        """And note what it reads. Raises SpecError if that is not all it does."""
        seen = self.seen
        seen.index, seen.silent, seen.reads, seen.writes = self.steps, 0, 0, 0  # now fields record who uses them
        try:
            return super().ask(module, function)
        finally:
            touched = seen.reads | seen.writes
            seen.index, seen.reads, seen.writes = -1, 0, 0
            seen.shared.forget()
            self._note(module, function, touched)

    def _note(self, module: Looked, function: FunctionType, touched: int) -> None:
        sight, name = self.sight, name_of(module)
        sight.asked.add(named(function))
        if touched & ~sight.harmless:
            self._harmless(function, touched)
        known = sight.reads.get(name, 0)
        if touched | known != known:
            timed = touched & self.seen.bits.get(_CLOCK, 0)
            sight.reads[name] = EVERYTHING if timed else known | touched

    def _harmless(self, function: FunctionType, touched: int) -> None:
        """Raise SpecError if what an invariant has touched is not what one touches who only looks."""
        for key, bit in self.seen.bits.items():
            if touched & bit:
                kind = key[0] if isinstance(key, tuple) else key
                if kind not in _READ:
                    raise blocks(function, f"the {kind} of {key[1]}" if isinstance(key, tuple) else f"{kind}")
                self.sight.harmless |= bit

    def found(self, broken: InvariantBroken) -> None:
        """One is broken; the run goes on."""
        broken.step = self.steps - 1 if self.steps else None
        self.all.append(broken)


def name_of(module: Looked) -> str:
    """A module's name in the run."""
    return str(getattr(module.instance, GATE).name)
