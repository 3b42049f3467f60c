"""The runtime of the oracle: a driver that sends values into coroutines.

Beside ``events/runtime.py`` and ``threads/runtime.py``. Rule: no part of the compiler's output runs here; the
compiler's reading of the source is used only to say what the nodes are called.
"""

from collections.abc import Callable, Generator
from functools import cache
from types import FrameType, coroutine
from typing import Any

from duality.compiler.erase import spans
from duality.compiler.names import names
from duality.compiler.points import Points, blocking_nodes, points
from duality.compiler.read import read
from duality.compiler.refuse import refuse
from duality.core.contract import PENDING
from duality.core.engine import Engine
from duality.errors import SpecError
from duality.graph import Node
from duality.oracle import module
from duality.oracle.call import entering
from duality.oracle.condition import Condition
from duality.oracle.task import Task
from duality.oracle.trace import Tracer
from duality.oracle.verbs import Verbs


class Runtime(Engine):
    """One run of a spec's own coroutines."""

    condition = Condition

    def __init__(self, io: Any, schedule: Any, policy: Any, crossing: str, recorder: Any) -> None:
        super().__init__(io, schedule, policy, crossing, recorder)
        self.positions: dict[Any, dict[Any, Node]] = {}
        self.points: dict[Any, Points] = {}
        self.verbs = Verbs(self)
        self.tracer = Tracer(self) if recorder is not None else None
        self.scheduler.hub = (_Hub(), None, None)

    def dressed(self, cls: type) -> type:
        """See ``module.dress``."""
        return module.dress(self, cls)

    def helper(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The helper itself: a coroutine function."""
        return module.port(self, "helper", self.bound(function, None))  # type: ignore[no-any-return]

    def bound(self, function: Callable[..., Any], owner: type | None) -> Callable[..., Any]:
        """The function as it is; where it may block is noted, for whoever asks where a coroutine stands."""
        self.points[function], self.positions[function.__code__] = _located(function, owner)
        if self.tracer is not None:
            for name, helper in names(read(function, owner)).helpers.items():
                told = self.helper_cell(helper)
                if function.__globals__.get(name) is helper:
                    self.tracer.replace(function.__globals__, name, told)
        return function

    def points_of(self, function: Callable[..., Any]) -> Points:
        """The blocking points of a procedure."""
        return self.points[function]

    def task(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Task:
        """A coroutine that has not begun."""
        return Task(self, name, call, args, named)

    def node_at(self, frame: FrameType) -> Node | None:
        """The node where the coroutine of ``frame`` stands, or is entered, if it is a spec's."""
        procedure = entering(frame)
        if procedure is not None:
            return self.points[procedure].enter
        table = self.positions.get(frame.f_code)
        if table is None:
            return None
        for place, where in enumerate(frame.f_code.co_positions()):
            if place == frame.f_lasti // 2:
                return table.get((where[0], where[2], where[1], where[3]))
        return None

    def where(self, task: Any) -> str:
        """From the coroutine: the line it stands at."""
        node = task.standing()
        return f"{node.procedure}, line {node.line}" if node is not None else "its beginning"

    @staticmethod
    @coroutine
    def rest() -> Generator[Any, Any, Any]:
        """Yield to the driver; gives what the task is resumed with, or raises it.

        The error is sent and raised here, not thrown in: what CPython throws into a chain of coroutines forgets which
        errors the outer ones are handling (its ``__context__`` becomes the outermost of them).
        """
        value, error = yield PENDING
        if error is not None:
            raise error
        return value

    async def block(self, answer: Any) -> Any:
        """Give an operation's answer: at once, or after a rest if it is PENDING."""
        return await self.rest() if answer is PENDING else answer

    def turn(self) -> None:
        """Send each ready task what it waits for."""
        popleft, scheduler, hub = self.ready.popleft, self.scheduler, self.scheduler.hub[0]
        while True:
            task, value, error = popleft()
            if task is hub:
                return
            scheduler.current = task
            self.advance(task, value, error)

    def advance(self, task: Task, value: Any, error: BaseException | None) -> None:
        """One step: from rest to rest, or to the end."""
        try:
            if task.begun:
                rested = task.coroutine.send((value, error))
            else:
                task.begun = True
                rested = task.coroutine.send(None) if error is None else task.coroutine.throw(error)
            while rested is not PENDING:
                rested = task.coroutine.throw(
                    SpecError(f"`await` of {rested!r}, which is no operation of duality ({self.where(task)}).")
                )
        except StopIteration as stop:
            self.ended(task, stop.value, None)
        except BaseException as failure:
            self.ended(task, None, failure)
        else:
            if task.interrupts is not None:
                task.deliver()


@cache
def _located(function: Callable[..., Any], owner: type | None) -> tuple[Points, dict[Any, Node]]:
    """The blocking points of a procedure, and where in its source they stand. Raises SpecError as a compiler would."""
    procedure = read(function, owner)
    refuse(procedure)
    where = points(procedure)
    table: dict[Any, Node] = {}
    for node in blocking_nodes(procedure.tree):
        table.update(dict.fromkeys(spans(node), where.of[id(node)]))
    return where, table


class _Hub:
    """The hub's place in the ready queue."""

    name = "hub"
