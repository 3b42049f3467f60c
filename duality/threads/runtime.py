"""The runtime among threads: a thread that rests switches straight to the next one that is ready.

Dual of ``events/runtime.py``. Rules: there is no dispatcher between two threads, the one that rests takes the next
entry itself; new stacks are started from the hub only (a greenlet started deep inherits that depth); finished ones are
kept for reuse.
Source: Lauer & Needham 1978 (process switching in the monitor's primitives); von Behren et al. 2003, section 3.
"""

import contextvars
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from duality.compiler.erase import Standing, with_comprehensions
from duality.compiler.product import Product, compile_procedure
from duality.core.contract import PENDING
from duality.core.engine import Engine
from duality.core.positions import Places, position
from duality.graph import Node
from duality.threads import module, protocols
from duality.threads.condition import Condition
from duality.threads.task import Task, work
from duality.threads.trace import Tracer
from duality.threads.verbs import Verbs

MOST_IDLE = 1_000  # stacks kept for reuse; making one costs some 10 us, keeping one some 6 KB


class Runtime(Engine):
    """One run of a threads program."""

    condition = Condition

    def __init__(self, io: Any, schedule: Any, policy: Any, crossing: str, recorder: Any) -> None:
        super().__init__(io, schedule, policy, crossing, recorder)
        self.rest, self.give_way = switching(self.scheduler, self.ready)
        self.idle: list[greenlet] = []
        self.hub: greenlet | None = None
        self.stands: dict[CodeType, Standing] = {}
        self.places: Places = {}
        self.runtime_names: dict[str, Any] = {"each": protocols.each, "hold": protocols.hold}
        self.verbs = Verbs(self)
        self.tracer = Tracer(self) if recorder is not None else None

    def dressed(self, cls: type) -> type:
        """See ``module.dress``."""
        return module.dress(self, cls)

    def helper(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The erased program of a helper."""
        return module.port(self, "helper", self.bound(compile_procedure(function, None, "threads")))  # type: ignore[no-any-return]

    def bound(self, product: Product) -> Callable[..., Any]:
        """The program as a function; where its code may block is noted, for whoever asks where a stack stands."""
        program = product.bind(self.provide)
        for code in with_comprehensions(program.__code__):
            self.stands[code] = product.stands
        return program

    def provide(self, kind: str, name: Any) -> Any:
        """What a compiled procedure is bound to; among threads also what goes through and enters the spec's own."""
        return self.runtime_names[name] if kind == "runtime" else super().provide(kind, name)

    def task(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Task:
        """A thread, which has no stack before it begins."""
        return Task(self, name, call, args, named)

    def node_at(self, frame: FrameType, role: str = "calls") -> Node | None:
        """The node where the call under way in ``frame`` stands, if it is a spec's; ``role``: see ``Standing``."""
        code = frame.f_code
        place = id(code), frame.f_lasti, role
        if place not in self.places:
            stands = self.stands.get(code)
            self.places[place] = code, stands.at(role, position(frame)) if stands is not None else None
        return self.places[place][1]

    # -- switching -----------------------------------------------------------------------------------------------------

    def block(self, answer: Any) -> Any:
        """Give an operation's answer: at once, or after a rest if it is PENDING."""
        return self.rest() if answer is PENDING else answer

    def start(self, entry: Any) -> Any:
        """Begin the thread of ``entry``, on an idle stack or, from the hub, on a new one."""
        if self.idle:
            return self.idle.pop().switch(entry)
        assert self.hub is not None
        return self.hub.switch(entry)

    def over(self, task: Task, value: Any, failure: BaseException | None) -> bool:
        """Note how ``task`` ended; its stack lies idle from now on (True), or ends if enough do."""
        task.greenlet = task.call = task.args = task.named = task.switch = None  # type: ignore[assignment]
        self.ended(task, value, failure)
        kept = len(self.idle) < MOST_IDLE
        if kept:
            self.idle.append(getcurrent())
        return kept

    def begin(self) -> None:
        """The stack that calls is the hub's: shallow, so that new ones are started from it."""
        self.context = contextvars.copy_context()
        hub = _Hub(getcurrent())
        self.hub = hub.greenlet
        self.scheduler.hub = (hub, None, None)

    def turn(self) -> None:
        """Switch to the next ready thread; back here when the hub's turn has come, or to start a new stack."""
        hub = self.scheduler.hub[0]
        entry = self.ready.popleft()
        while entry[0] is not hub:
            switch = entry[0].switch
            entry = self._stack().switch(entry) if switch == self.start and not self.idle else switch(entry)

    def _stack(self) -> greenlet:
        """A new stack. All of a run share one set of context variables, as tasks of a dispatcher do."""
        made = greenlet(work)
        made.gr_context = self.context
        return made

    def end(self) -> None:
        """Drop the stacks that lie idle."""
        while self.idle:
            self.idle.pop().throw(GreenletExit)


def switching(scheduler: Any, ready: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Make a run's two ways to rest: ``rest``, for whoever is remembered elsewhere, and ``give_way``.

    Every switch goes through one of them: what they need is bound once, not looked up, and the four lines of a switch
    stand here twice, for a call between them would cost a tenth of it.
    """
    append, popleft = ready.append, ready.popleft

    def rest() -> Any:
        """Switch to the next ready thread; give what this one is resumed with, or raise it.

        Before: the current thread has been remembered by whoever will make it ready. After: it runs again.
        """
        me = scheduler.current
        if me.interrupts is not None:
            me.deliver()
        entry = popleft()
        if entry[0] is not me:
            entry = entry[0].switch(entry)
            scheduler.current = me
        if entry[2] is not None:
            raise entry[2]
        return entry[1]

    def give_way() -> Any:
        """Go to the back of the ready queue. Raises an interrupt that is outstanding."""
        me = scheduler.current
        if me.interrupts is not None:
            me.give_way()
            return rest()
        append(me.again)
        entry = popleft()
        if entry[0] is not me:
            entry = entry[0].switch(entry)
            scheduler.current = me
        if entry[2] is not None:
            raise entry[2]
        return entry[1]

    return rest, give_way


class _Hub:
    """The hub's place in the ready queue."""

    name = "hub"

    def __init__(self, mine: greenlet) -> None:
        self.greenlet = mine
        self.switch = mine.switch
