"""Has one run record what its steps touch: puts the recorded parts on, and looks on.

Rules: the runtime is its own; nothing of it is replaced but by something that records and then does the same. What
every step would have to write (who was born, in order) is recorded only once it is known to matter: then the
exploration starts again (see ``Reasons``).
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, cast

from duality.core.gate import GATE, Gate
from duality.proof.fields import Field, Reasons
from duality.proof.footprints import Footprints
from duality.proof.keeping import kept
from duality.proof.recorded import RecordedGate, RecordedWaiters, recorded_task
from duality.proof.scopes import recorded_scope
from duality.proof.shared import Shared
from duality.spec.module import conditions


class Spy:
    """One run's. ``scopes``: how many each task has opened."""

    def __init__(self, runtime: Any, seen: Footprints, reasons: Reasons, apart: frozenset[int]) -> None:
        self.runtime, self.seen, self.reasons = runtime, seen, reasons
        self.shared = Shared(seen, functools.partial(kept, runtime), apart)
        self.scopes: dict[str, int] = {}
        self.told = 0  # operations asked of the I/O core, before this step
        self.core = runtime.scheduler.io
        runtime.ready.seen = seen
        seen.shared = self.shared
        for name in ("task", "spawn", "split", "equip", "dressed", "ended"):
            setattr(runtime, name, functools.partial(getattr(self, name), getattr(runtime, name)))
        scheduler = runtime.scheduler
        for name in ("fail", "cancel_all", "_remember"):
            setattr(scheduler, name, functools.partial(getattr(self, name.strip("_")), getattr(scheduler, name)))
        runtime.verbs.scope = functools.partial(self.scope, runtime.verbs.scope)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def begin(self, index: int, task: str) -> None:
        """A step begins."""
        self.seen.begin(index, task)
        self.shared.begin(task)

    def end(self) -> None:
        """It is over, and all that it touched has been recorded when this comes back."""
        self.shared.end(self.seen.task)
        self._operations()
        if self.reasons.polls:
            self.seen.everything()

    def _operations(self) -> None:
        log = getattr(self.core, "log", ())
        if any(one.resources != ("clock",) for one in log[self.told :]):
            self.seen.write(("the I/O core",))
        self.told = len(log)

    # -- modules -------------------------------------------------------------------------------------------------------

    def uses(self, instance: Any, name: str, values: tuple[Any, ...], writes: bool) -> None:
        """The step uses a field, which has (and had) ``values``."""
        gate = instance.__dict__.get(GATE)
        if gate is None:
            return  # nobody but who builds it can know the module
        key = ("field", gate.name, name)
        if self.shared.field(instance, name, values) or writes:
            self.seen.write(key)
        else:
            self.seen.read(key)

    def dressed(self, dress: Callable[[type], type], cls: type) -> type:
        """The class of a side, with fields that record."""
        made: Any = dress(cls)
        for attribute in made.__attrs_attrs__:
            setattr(made, attribute.name, Field(attribute.name, self))
        before = made.__setattr__

        def assign(instance: Any, name: str, value: Any) -> None:
            if name != GATE and not hasattr(type(instance), name):  # an attribute that was not declared
                setattr(type(instance), name, Field(name, self))
            before(instance, name, value)

        made.__setattr__ = assign
        return cast(type, made)

    def equip(self, equip: Callable[..., None], instance: Any, path: str = "") -> None:
        """A module has its gate and its conditions: they record from now on."""
        new = GATE not in instance.__dict__
        if new:
            self.seen.write(("the number of modules",))
        equip(instance, path)
        gate = instance.__dict__[GATE]
        if isinstance(gate, Gate) and type(gate) is Gate:
            gate.__class__ = RecordedGate
        for _, condition in conditions(instance):
            waiters: Any = condition.waiters
            if condition.owner is instance and type(waiters) is not RecordedWaiters:
                waiters.__class__ = RecordedWaiters
                waiters.notify = waiters.heard

    def look_over(self, modules: Sequence[tuple[str, Any]]) -> None:
        """All modules are equipped and nothing has run: what their fields lead to."""
        for _, instance in modules:
            for name, value in list(instance.__dict__.items()):
                if name != GATE:
                    self.shared.field(instance, name, (value,))
        self.shared.forget()

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def task(self, make: Callable[..., Any], name: str, call: Any, args: Any, named: Any) -> Any:
        """A task that records."""
        made = make(name, call, args, named)
        made.__class__ = recorded_task(made.__class__)
        if self.reasons.births:
            self.seen.write(("the order of births",))
        return made

    def spawn(self, spawn: Callable[..., Any], name: str, call: Any, args: Any, named: Any) -> Any:
        """A task is forked, and handed its arguments."""
        made = spawn(name, call, args, named)
        self.shared.born(made, (call, *args, *named.values()))
        return made

    def split(self, split: Callable[[], Any]) -> Any:
        """A task has replied, and leaves a child."""
        made = split()
        self.shared.split(made)
        return made

    def ended(self, ended: Callable[..., None], task: Any, value: Any, error: BaseException | None) -> None:
        """A task ends."""
        self.shared.ended(task, value, error)
        self.seen.write(("end", task.name))
        ended(task, value, error)

    def scope(self, make: Callable[[], Any]) -> Any:
        """A scope that records."""
        made = make()
        made.__class__ = recorded_scope(made.__class__)
        owner = made.owner.name
        self.scopes[owner] = self.scopes.get(owner, 0) + 1
        made.key = ("scope", owner, self.scopes[owner])
        return made

    # -- failures ------------------------------------------------------------------------------------------------------

    def fail(self, fail: Callable[[BaseException], None], error: BaseException) -> None:
        """The run fails: everybody is cancelled."""
        self.seen.everything()
        fail(error)

    def cancel_all(self, cancel: Callable[[], None]) -> None:
        """Everybody is cancelled, in the order of birth."""
        self.reasons.births = True
        self.seen.everything()
        cancel()

    def remember(self, remember: Callable[[Any], None], task: Any) -> None:
        """A task has failed, and nobody has joined it: such are told of in the order in which they end."""
        self.seen.write(("tasks that failed",))
        remember(task)
