"""The watcher that looks at every ``@invariant`` of every module, at every rest.

Rules:
- A module is looked at when it is consistent: nobody holds it, or it was handed to a task that has not gone on since
  (it stands before an entry, or comes back from a wait). In between, an entry is under way.
- Looking changes nothing. While somebody looks, the recorder refuses whatever would block or have an effect, so each
  runtime's own way to tell of it is what catches it.

Source: Hoare 1974, section 2; Lampson & Redell 1980, section 2 (see ``duality/spec/invariant.py``).
"""

import dis
import inspect
import linecache
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from attrs import define

from duality.core.gate import GATE
from duality.errors import InvariantBroken, SpecError
from duality.proof.trial import state_of
from duality.proof.unseen import refuse
from duality.spec.invariant import blocks, invariants_of, judges
from duality.spec.marks import named, refusal


@define(eq=False)
class Looked:
    """A module that has invariants. ``holder``: who held it at the last rest; ``fresh``: it has not gone on since."""

    instance: Any
    invariants: tuple[FunctionType, ...]
    holder: Any = None
    fresh: bool = False
    seen: bool = False

    def consistent(self, last: Any) -> bool:
        """Whether nobody is in the middle of an entry, now that ``last`` has come to rest; ask at every rest."""
        holder = getattr(self.instance, GATE).holder
        if holder is None:
            self.fresh = True
        elif holder is last:
            self.fresh = False
        elif holder is not self.holder:  # handed over in this step; but what is left after a reply is in the middle
            node = holder.standing()
            self.fresh = node is None or node.kind != "reply"
        self.holder = holder
        return self.fresh


class Invariants:
    """A watcher (see ``trial``): ends the run with InvariantBroken at the first rest where an invariant does not hold.

    ``broken``: what it ended the run with, if it did.   Modules that are built while the run goes on are looked at too.
    """

    def __init__(self) -> None:
        self.looked: dict[int, Looked] = {}  # by the identity of the module, which is kept with it
        self.broken: InvariantBroken | None = None
        self.asked: Any = None  # the invariant that is looked at

    def begin(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """Find them. Raises SpecError if one is where nobody would look, or calls what blocks."""
        refuse(modules)
        self.find(runtime, modules)

    def find(self, runtime: Any, modules: Sequence[tuple[str, Any]]) -> None:
        """Find those of ``modules``, which are known to be none that is refused, and of what will be built later."""
        self.looked, self.broken = {}, None
        for _, instance in modules:
            self._add(instance)
        equip = runtime.equip

        def equipped(instance: Any, path: str = "") -> None:
            equip(instance, path)
            self._add(instance)

        runtime.equip = equipped  # whom a run furnishes later was built later

    def _add(self, instance: Any) -> None:
        found = invariants_of(type(instance))
        if found:
            self.looked.setdefault(id(instance), Looked(instance, found))

    def rest(self, runtime: Any, task: Any) -> None:
        """Look at every module that is consistent. Raises InvariantBroken, or SpecError if looking is not all it does.

        Costs a call for each invariant.
        """
        if not self.looked:
            return
        consistent = [module for module in self.looked.values() if module.consistent(task)]
        recorder = runtime.recorder
        recorder.at = recorder.effect = self._refused
        try:
            for module in consistent:
                self._look(runtime, task, module)
        finally:
            del recorder.at, recorder.effect

    def _look(self, runtime: Any, task: Any, module: Looked) -> None:
        for function in module.invariants:
            self.asked = function
            why, line = self._judge(module, function)
            if why:
                self.found(_broken(runtime, task, module.instance, function, why, line))
        module.seen = True

    def ask(self, module: Looked, function: FunctionType) -> tuple[Any, bool]:
        """What the invariant returns, and whether it holds. Raises whatever it raises."""
        value = function(module.instance)
        return value, not judges(function) or bool(value)

    def found(self, broken: InvariantBroken) -> None:
        """One is broken. Raises it: the run ends here."""
        self.broken = broken
        raise broken

    def _refused(self, *told: Any) -> None:
        """While somebody looks, the recorder's way to be told: every point that may block, and every effect, is one."""
        raise blocks(self.asked, next((f"`{one}`" for one in told if isinstance(one, str)), "a procedure"))

    def _judge(self, module: Looked, function: FunctionType) -> tuple[str, int]:
        """How the invariant is broken, and at which line; ("", ...) if it holds."""
        before = None if module.seen else state_of(module.instance)
        try:
            value, held = self.ask(module, function)
        except SpecError:
            raise
        except Exception as error:
            return _raised(error, function)
        if inspect.isawaitable(value):
            if inspect.iscoroutine(value):
                value.close()
            raise blocks(function, "something that must be awaited")
        if before is not None and state_of(module.instance) != before:
            raise refusal(f"the invariant {named(function)} changes its module.", function, "It may only look.")
        return ("", 0) if held else (f"it returned {value!r}", _answers(function))


def _answers(function: FunctionType) -> int:
    """The line of its ``return``; where it has several, that of the invariant itself."""
    found = {one.positions.lineno for one in dis.get_instructions(function) if one.positions and "RETURN" in one.opname}
    return (found.pop() if len(found) == 1 else None) or function.__code__.co_firstlineno


def _raised(error: Exception, function: FunctionType) -> tuple[str, int]:
    """What is said of an invariant that has raised ``error``, and the line of its own where that came from."""
    line, trace = function.__code__.co_firstlineno, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is function.__code__:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, AssertionError):
        return str(error) or f"`{linecache.getline(function.__code__.co_filename, line).strip()}` fails", line
    return f"it raised {type(error).__name__}: {error}", line


def _broken(runtime: Any, task: Any, instance: Any, function: FunctionType, why: str, line: int) -> InvariantBroken:
    step = len(runtime.recorder.steps) - 1
    who = f"task {task.name}" if task is not None else ""
    if task is not None:
        who += ", which has ended" if task.done else f", which rests at {runtime.where(task)}"
    place = function.__code__.co_filename, line
    gate = getattr(instance, GATE)
    module = str(gate) if gate.holder is None else f"{gate}, handed to {gate.holder}"
    error = InvariantBroken(named(function), why, place, module, state_of(instance), step if step >= 0 else None, who)
    if runtime.scheduler.failure is not None:
        error.add_note(f"The run had failed already: {runtime.scheduler.failure!r}")
    return error
