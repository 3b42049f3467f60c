"""The runtime among events: one dispatcher steps whichever handler is next.

Dual of ``threads/runtime.py``. Rule: no procedure of a spec runs on a stack that outlives a step; a handler returns a
value (its task goes on at once), PENDING (it rests), or raises, and the dispatcher follows the chain of records.
Source: Lauer & Needham 1978 (WaitForMessage, dispatch on the port); Welsh et al. 2001 (SEDA's event loop).
"""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from duality.compiler.lines import Span
from duality.compiler.product import Product, compile_procedure
from duality.core.contract import PENDING
from duality.core.engine import Engine
from duality.core.positions import Places, position
from duality.events import generator, groups, managers, module, protocols, record
from duality.events.condition import Condition
from duality.events.task import Task
from duality.events.trace import Tracer
from duality.events.under import under
from duality.events.verbs import Verbs
from duality.graph import Node


class Runtime(Engine):
    """One run of an events program."""

    condition = Condition

    def __init__(self, io: Any, schedule: Any, policy: Any, crossing: str, recorder: Any) -> None:
        super().__init__(io, schedule, policy, crossing, recorder)
        self.verbs = Verbs(self)
        self.runtime_names: dict[str, Any] = {
            name: getattr(record, name)
            for name in ("Record", "Holding", "Cell", "UNBOUND", "PENDING", "iterate", "again")
        }
        self.calls: dict[CodeType, dict[Span, Node]] = {}
        self.places: Places = {}
        self.runtime_names |= {name: getattr(groups, name) for name in ("matches", "divide", "regroup")}
        self.runtime_names |= {"manage": managers.manage, "each": protocols.each, "hold": protocols.hold}
        self.runtime_names |= {"DONE": generator.DONE, "Generator": generator.Generator}
        self.runtime_names["under"] = under(self.scheduler)
        self.runtime_names["following"] = protocols.following(record.Record)
        self.waiting_record: type[record.Record] = record.Record
        self.tracer = Tracer(self) if recorder is not None else None
        self.scheduler.hub = (Task(self, "hub", _never, (), {}), None, None)

    def provide(self, kind: str, name: Any) -> Any:
        """What a compiled procedure is bound to; among events also names of the runtime."""
        return self.runtime_names[name] if kind == "runtime" else super().provide(kind, name)

    def dressed(self, cls: type) -> type:
        """See ``module.dress``."""
        return module.dress(self, cls)

    def helper(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The handlers of a helper."""
        return module.port(self, "helper", self.bound(compile_procedure(function, None, "events"), self.provide))  # type: ignore[no-any-return]

    def bound(self, product: Product, provide: Callable[[str, Any], Any]) -> Callable[..., Any]:
        """The first handler; where the code of each makes its calls is noted, for whoever asks what they come to."""
        first = product.bind(provide)
        for code in first.codes:  # type: ignore[attr-defined]
            self.calls[code] = product.calls
        return first

    def task(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Task:
        """A chain of messages, with its first one."""
        return Task(self, name, call, args, named)

    def node_at(self, frame: FrameType) -> Node | None:
        """The point that the call under way in ``frame`` comes to, if the frame is a handler's."""
        code = frame.f_code
        place = id(code), frame.f_lasti, ""
        if place not in self.places:
            table = self.calls.get(code)
            self.places[place] = code, table.get(position(frame)) if table is not None else None
        return self.places[place][1]

    def turn(self) -> None:
        """Take the next activation, run its handlers until one rests, and so on."""
        # One frame of Python per step, and no look-ups but the record's own. A handler's result goes straight to the
        # next one of the same task; what one step makes ready waits behind what was ready before.
        popleft, scheduler, hub = self.ready.popleft, self.scheduler, self.scheduler.hub[0]
        while True:
            task, value, error = popleft()
            if task is hub:
                return
            scheduler.current = task
            frame = task.frame
            while True:
                try:
                    value = frame.next(frame, value, error)
                except BaseException as failure:
                    value, error = None, failure
                    frame.abandon()
                    task.frame = frame = frame.caller
                else:
                    if value is PENDING:
                        if task.open is not None:  # what the handler called has come to rest
                            task.open.caller = frame
                            task.open = None
                        if task.interrupts is not None:
                            task.deliver()
                        break
                    error, frame = None, task.frame
                if frame is None:
                    self.ended(task, value, error)
                    break


def _never() -> None:
    """The hub's message is recognised by its task and never delivered."""
