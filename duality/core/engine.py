"""One run, from the first step to the last: what the sides share around their own loops.

Rule: the engine knows when things happen, a side how. A side supplies the methods at the end of ``Engine``: how a
module is dressed, how a task is made, how the ready are stepped.
"""

import functools
import itertools
import resource
import sys
import time
import types
from collections import deque
from collections.abc import Callable
from typing import Any

from attrs import frozen

from duality.core import current
from duality.core.again import Traces
from duality.core.condition import Waiters
from duality.core.gate import GATE, Gate
from duality.core.ours import UNCHANGED, Ours, binds, operation, raw, refusal, told
from duality.core.policy import Choices, Fifo
from duality.core.scheduler import Scheduler
from duality.core.task import Task
from duality.errors import Cancelled

ANSWERED = "the caller has been answered already"
_PATIENCE = 100  # rests that a task may still come to when it is given up


@frozen
class Stats:
    """What a run cost. ``steps`` and ``switches`` are counted in traced runs only, else None.

    switches: messages among events, context switches among threads and for the oracle.   wall, cpu: seconds.
    peak_memory: bytes, of the whole process so far.   leaked: a sentence for each task that could never go on.
    """

    steps: int | None
    switches: int | None
    tasks: int
    wall: float
    cpu: float
    peak_memory: int
    leaked: tuple[str, ...]


class Engine:
    """Everything a run needs that is the same on both sides. One run per engine."""

    def __init__(self, io: Any, schedule: Any, policy: Any, crossing: str, recorder: Any) -> None:
        if crossing not in ("direct", "queued"):
            raise ValueError(f"crossing must be 'direct' or 'queued', not {crossing!r}")
        self.io = io
        self.crossing = crossing
        self.recorder = recorder
        self.ready = self._queue(schedule, policy)
        self.scheduler = Scheduler(self.ready, io, self.where)
        self.dresses: dict[type, type] = {}
        self.helper_cells: dict[Any, types.CellType] = {}
        self.known: dict[str, Ours] = {}
        self.codes: dict[str, list[types.CodeType]] = {}  # of the spec's procedures, by full name
        self.numbers = itertools.count(1)
        self.costs = True  # whether to ask the system what a run costs, which takes longer than many a short one
        self.traces = Traces() if recorder is not None else None
        self.verbs: Any = None  # set by the side, as is
        self.tracer: Any = None

    def _queue(self, schedule: Any, policy: Any) -> Any:
        if policy is not None:
            return policy
        if schedule is None and self.recorder is None:
            return deque()
        choices = Choices(schedule or Fifo(), lambda: self.scheduler.hub)
        if self.recorder is not None:
            choices.notify = self.recorder.step
            choices.still = getattr(self.io, "still", choices.still)
        return choices

    # -- a run ---------------------------------------------------------------------------------------------------------

    def run(self, build: Callable[[], list[tuple[str, Any]]]) -> tuple[Any, Stats]:
        """Build the modules, run the root's ``main`` to the end of the run; give its value and what it cost.

        build: makes the modules, the root first, each with its path; they are born dressed for this run.
        Blocks the OS thread. Raises what the run ended with; RuntimeError if another run has this OS thread.
        """
        current.claim(self)
        try:
            modules = build()
            for path, instance in modules:
                self.equip(instance, path)
            began, cpu = self._clocks()
            self.io.open(self.ready, self.scheduler.on_signal)
            try:
                self.spawn("0", modules[0][1].main, (), {})
                self.begin()
                while self.scheduler.round():
                    self.turn()
                value = self._result()
                for _, instance in modules:
                    getattr(instance, UNCHANGED, _nothing)()
            finally:
                self._abandon()
                self.end()
                self.io.close()
                if self.tracer is not None:
                    self.tracer.close()
        finally:
            current.free(self)
        wall, now = self._clocks()
        return value, self._stats(wall - began, now - cpu)

    def _clocks(self) -> tuple[float, float]:
        return (time.perf_counter(), time.process_time()) if self.costs else (0.0, 0.0)

    def _abandon(self) -> None:
        """Unwind the tasks that the run leaves behind: it broke off, or they would not end. Mostly there are none.

        Each is raised out of its rest, and out of every rest that its ``finally`` blocks come to, and then given up.
        """
        for task in list(self.scheduler.living):
            for _ in range(_PATIENCE):
                self.ready.clear()
                task.parked = None
                self.ready.append((task, None, Cancelled("the run is over")))
                self.ready.append(self.scheduler.hub)
                self.turn()
                if task.done:
                    break

    def _result(self) -> Any:
        if self.recorder is not None:
            self.recorder.close()
        return self.scheduler.result()

    def _stats(self, wall: float, cpu: float) -> Stats:
        steps = switches = None
        if self.recorder is not None:
            steps, switches = len(self.recorder.steps), self.tracer.moves()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if self.costs else 0
        return Stats(steps, switches, self.scheduler.born_count, wall, cpu, peak, self.scheduler.leaked)

    # -- modules and tasks ---------------------------------------------------------------------------------------------

    def dress_of(self, cls: type) -> type:
        """The class that this side makes of a module's class; made when the first instance is born."""
        if cls not in self.dresses:
            made = self.dresses[cls] = self.dressed(cls)
            self.dresses[made] = made
            for name, port in vars(made).items():
                if hasattr(port, "is_procedure"):
                    self._note(port, getattr(cls, name))
            if self.traces is not None:
                self.traces.dress(made)
        return self.dresses[cls]

    def _note(self, made: Any, original: Any) -> None:
        """Remember of which function of the spec a procedure of the run was made."""
        if made is not original:
            made.original = original
        name = original.__qualname__.rpartition("<locals>.")[2]
        self.codes.setdefault(name, []).append(original.__code__)

    def equip(self, instance: Any, path: str = "") -> None:
        """Give a module instance its gate, and its conditions theirs; once. ``path``: from the root, if it is known.

        Raises RuntimeError if the instance has been in another run.
        """
        gate = getattr(instance, GATE, None)
        if gate is None:
            gate = Gate(f"{type(instance).__name__} #{next(self.numbers)}", self.ready)
            self._furnish(instance, gate)
        elif gate.ready is not self.ready:
            raise RuntimeError(f"{instance!r} has been in another run: an application must build fresh modules")
        if path:
            name = type(instance).__name__
            gate.name = name if path == name else f"{name} {path}"

    def _furnish(self, instance: Any, gate: Gate) -> None:
        # Attributes are set, and `__dict__` left alone: touching it would take the instance off CPython's fast path.
        dress = self.dress_of(type(instance))
        if type(instance) is not dress:  # built before there was a run to be born in
            instance.__class__ = dress
        setattr(instance, GATE, gate)
        if self.traces is not None:
            self.traces.modules.append(instance)
        for attribute in type(instance).__attrs_attrs__:
            field: Any = getattr(instance, attribute.name, None)
            if getattr(field, "owner", None) is instance and hasattr(field, "waiters"):
                field.waiters = Waiters(f"{type(instance).__name__}.{field.name}", gate)
                field.__class__ = self.condition
                if self.traces is not None:
                    field.waiters.notify = self._happened
                    self.traces.conditions.append(field.waiters)

    def _happened(self, what: str, thing: Any) -> None:
        self.recorder.effect(f"{what} {thing.name}")

    def spawn(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Make a task of ``call(*args, **named)`` and have it ready. It does not run before the caller rests."""
        if raw(call):
            call = self.helper_cell(call).cell_contents
        if not hasattr(call, "is_procedure"):
            raise refusal(
                f"fork or send of {told(call)}, which is no procedure.",
                "Hand over a procedure of a module, or an `async def` of the file, and its arguments.",
            )
        binds(call, args, named)
        if hasattr(call, "at_once"):  # a port that queues: a task that has just been made has queued enough
            call = types.MethodType(call.at_once, call.__self__)  # type: ignore[attr-defined]
        task = self.task(name, call, args, named)
        self.scheduler.born(task)
        return task

    def fork(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> Task:
        """The verb ``fork``: a child of the current task."""
        name = self.scheduler.current.child_name()
        if self.recorder is not None:
            self.recorder.effect(f"fork {name}")
        child: Task = self.spawn(name, call, args, named)
        return child

    def send(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> None:
        """The verb ``send``: a child that nobody can join."""
        self.fork(call, *args, **named).detached = True

    def reply(self, value: Any) -> None:
        """The verb ``reply``, asked for by name. A compiled procedure has one of its own and never comes here."""
        raise refusal(
            "`reply(...)` in a function that is no procedure: no caller awaits it.",
            "Return the value to the procedure, and reply there.",
        )

    def split(self) -> Any:
        """The current procedure has replied: make what is left of it a child, ready, and with nobody to join it.

        The child has nothing to go on with yet; what that is (a record, a stack, a coroutine) only the side knows.
        """
        task = self.scheduler.current
        child = self.task(task.child_name(), _nothing, (), {})
        child.detached = True
        if self.recorder is not None:
            self.recorder.effect(f"fork {child.name}")
            self.recorder.split(task, child)
        self.scheduler.born(child)
        return child

    def ended(self, task: Task, value: Any, error: BaseException | None) -> None:
        """A side tells that ``task`` has ended."""
        self.scheduler.ended(task, value, error)

    def provide(self, kind: str, name: Any) -> Any:
        """What a compiled procedure is bound to: a ``verb``, a ``helper`` in its cell, the whole ``facade``.

        ``asked``: the classes whose procedure ``name`` is known; for no name, who tells of any value.
        """
        if kind == "helper":
            return self.helper_cell(name)
        if kind == "asked":
            return functools.partial(operation, self) if name == "" else self.known.setdefault(name, Ours(self, name))
        if kind == "facade":
            verbs = {**_methods(self.verbs), **vars(self.verbs)}
            return types.SimpleNamespace(**{**vars(sys.modules["duality"]), **verbs})
        return getattr(self.verbs, name)

    def helper_cell(self, function: Callable[..., Any]) -> types.CellType:
        """The cell that holds what this side makes of a helper; filled when whoever asked first comes back."""
        if function not in self.helper_cells:
            cell = self.helper_cells[function] = types.CellType()
            cell.cell_contents = self.helper(function)
            self._note(cell.cell_contents, function)
            if self.traces is not None:
                self.traces.helper(cell.cell_contents, function)
        return self.helper_cells[function]

    def where(self, task: Any) -> str:
        """Where a parked task stands, for messages: ``file:line, in Buffer.put``."""
        place, node = self.place(task), task.standing()
        if node is None:
            return "its beginning"
        return f"{place[0]}:{place[1]}, in {node.procedure}" if place else f"{node.procedure}, line {node.line}"

    def place(self, task: Any) -> tuple[str, int] | None:
        """File and line where a parked task stands, as its side reads it from the stack or the record."""
        node = task.standing()
        for code in self.codes.get(node.procedure, ()) if node is not None else ():
            if code.co_firstlineno <= node.line <= max(line or 0 for _, _, line in code.co_lines()):
                return code.co_filename, node.line
        return None

    # -- what a side supplies ------------------------------------------------------------------------------------------

    condition: type

    def begin(self) -> None:
        """Get ready to step; called on the stack that ``turn`` will be called on."""

    def dressed(self, cls: type) -> type:
        """The class this side makes of a module's class."""
        raise NotImplementedError

    def helper(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """What this side makes of a helper, an ``async def`` that is no method."""
        raise NotImplementedError

    def task(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """A task that will run ``call``, not yet ready."""
        raise NotImplementedError

    def end(self) -> None:
        """Give back what the stepping needed."""

    def turn(self) -> None:
        """Step the ready until the hub's turn comes."""
        raise NotImplementedError


def _nothing() -> Any:
    """What is no module of a spec has nothing to say of its body, and a child that is a rest nothing to begin with."""


def _methods(verbs: Any) -> dict[str, Any]:
    names = (name for name in dir(type(verbs)) if not name.startswith("_"))
    return {name: getattr(verbs, name) for name in names}
