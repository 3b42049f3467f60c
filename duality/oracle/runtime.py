"""The runtime of the oracle: a driver that sends values into coroutines.

Beside ``events/runtime.py`` and ``threads/runtime.py``. Rule: what runs here are CPython's own coroutines of the
spec's own source. The compiler's reading of it says what the nodes are called; and in traced runs it puts a question
before what is awaited where nobody has declared what that is (``compiler/asked.py``).
"""

import contextvars
import sys
from collections.abc import Callable, Generator
from functools import reduce
from types import CodeType, FrameType, coroutine
from typing import Any

from greenlet import getcurrent

from duality.compiler.asked import asking
from duality.compiler.erase import Standing, with_comprehensions
from duality.compiler.kept import kept
from duality.compiler.names import resolved, words
from duality.compiler.points import Points
from duality.compiler.read import read
from duality.core.contract import PENDING
from duality.core.engine import Engine
from duality.core.ours import foreign
from duality.core.positions import Places
from duality.graph import Node
from duality.oracle import module
from duality.oracle.call import entering
from duality.oracle.condition import Condition
from duality.oracle.generator import dropping
from duality.oracle.instead import Instead, Space, space
from duality.oracle.reply import Stack
from duality.oracle.standing import at, known
from duality.oracle.task import Task
from duality.oracle.trace import Tracer
from duality.oracle.verbs import Verbs


class Runtime(Engine):
    """One run of a spec's own coroutines."""

    condition = Condition

    def __init__(self, io: Any, schedule: Any, policy: Any, crossing: str, recorder: Any) -> None:
        super().__init__(io, schedule, policy, crossing, recorder)
        self.stands: dict[CodeType, Standing] = {}
        self.places: Places = {}
        self.points: dict[Any, Points] = {}
        self.instead = Instead()
        self.hooks: Any = None  # those of the OS thread, while the run steps
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
        """The function as it is; where it may block is noted, for whoever asks where a coroutine stands.

        In a traced run it is asked first whether what nobody declared is ours (``compiler/asked.py``).
        """
        where, stands = known(function, owner)
        mine = function if self.recorder is None else asking(read(function, owner), self.provide)
        self.points[mine] = where
        for code in with_comprehensions(mine.__code__):
            self.stands[code] = stands
        procedure = read(function, owner)
        found = resolved(kept(function, ("words", owner), lambda: words(procedure)), procedure.lookup)
        for name, helper in found.helpers.items():
            self.replace(space(function, name), name, helper)
        for path, helper in (pair for paths in found.files.values() for pair in paths.items()):
            first, *between, last = path.split(".")
            self.replace(vars(reduce(getattr, between, procedure.lookup(first))), last, helper)
        return mine

    def replace(self, where: Space, name: str, helper: Callable[..., Any]) -> None:
        """While the run steps, have one that tells, or replies, stand where the coroutines look for a helper."""
        if self.tracer is None and not known(helper, None)[0].replies:
            return
        made = self.helper_cell(helper)
        standing_in = self.instead.put(where, name, helper, made)
        if standing_in is not None and self.traces is not None:
            self.traces.note(standing_in)

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
        code = frame.f_code
        place = id(code), frame.f_lasti, ""
        if place not in self.places:
            stands = self.stands.get(code)
            self.places[place] = code, at(stands, frame) if stands is not None else None
        return self.places[place][1]

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

    def reply(self, value: Any) -> None:
        """The verb ``reply``: here the spec's own statement asks for it. See ``oracle/reply.py``."""
        frame = sys._getframe(2)
        node = self.node_at(frame)
        if node is None or node.kind != "reply":
            super().reply(value)
        self.verbs.reply(value, frame)

    def begin(self) -> None:
        """Be told of generators that are dropped; and note the context variables, which all stacks of a run share."""
        self.instead.begin()
        self.hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=None, finalizer=dropping(self))
        contextvars.copy_context()  # makes them, if there are none
        self.context = getcurrent().gr_context

    def end(self) -> None:
        """Be told of none any more; helpers are themselves again."""
        if self.hooks is not None:  # else the root could not even be made ready
            sys.set_asyncgen_hooks(*self.hooks)
            self.instead.end()
        self.hooks = None

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
                rested = task.coroutine.send([value, error])  # no tuple: `anext(g, default)` would unpack it
            else:
                task.begun = True
                rested = task.coroutine.send(None) if error is None else task.coroutine.throw(error)
            while rested is not PENDING:
                if isinstance(rested, Stack):
                    rested.begin()
                    rested = task.coroutine.send(None)
                else:
                    rested = task.coroutine.throw(foreign(self.place(task), rested))
        except StopIteration as stop:
            self.ended(task, stop.value, None)
        except BaseException as failure:
            self.ended(task, None, failure)
        else:
            if task.interrupts is not None:
                task.deliver()


class _Hub:
    """The hub's place in the ready queue."""

    name = "hub"
