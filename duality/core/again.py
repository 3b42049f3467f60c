"""An engine makes another run of the same application: what it has made of the classes stays, all else is new.

Rule: nothing of one run may be seen in the next one. What a run has left on the classes and functions that were made
for it, or what of it may still go on, is a reason to make the next one with an engine of its own.
"""

import inspect
import itertools
from types import CodeType, FunctionType
from typing import Any

from attrs import define, field

from duality.core.attributes import Attributes
from duality.core.gate import GATE
from duality.core.policy import Fifo

MOST = 8  # times what the first run was made of, which an engine keeps at most


@define(eq=False)
class Traces:
    """Where a run may leave something: its ``modules``, and their ``conditions``, as the run knows them; and the
    classes and functions that were made for it (``made``, with the attributes that they had then).
    """

    modules: list[Any] = field(factory=list)
    conditions: list[Any] = field(factory=list)
    made: list[Attributes] = field(factory=list)
    first: int = 0  # how many of them were made for the first run
    generates: bool = False  # whether there are asynchronous generators

    def dress(self, cls: type) -> None:
        """Note the class of a module that was made for the run, and those that were put between its base classes."""
        theirs = cls.__bases__[0].__mro__
        values = (value for base in theirs for value in vars(base).values())
        self.generates |= any(isinstance(one, FunctionType) and _generates(one.__code__) for one in values)
        for one in cls.__mro__:
            if one not in theirs:
                for port in filter(callable, vars(one).values()):
                    self.note(port)
                self.note(one)

    def helper(self, made: Any, original: Any) -> None:
        """Note a function that was made for the run."""
        self.generates |= _generates(original.__code__)
        self.note(made)

    def note(self, one: Any) -> None:
        """Note a class or a function that was made for the run."""
        self.made.append(Attributes(one))

    def grows(self) -> bool:
        """Whether runs ask for other classes and functions again and again, as if each had its own."""
        self.first = self.first or len(self.made)
        return len(self.made) > MOST * self.first

    def none(self) -> bool:
        """Whether classes and functions have the very attributes that they had."""
        return all(one.same() for one in self.made)

    def retire(self) -> None:
        """Take the modules out of the run: another one refuses them, as if they had been in an engine of its own."""
        for instance in self.modules:
            getattr(instance, GATE).ready = None
            instance.__class__ = type(instance).__bases__[0]
        for condition in self.conditions:
            condition.notify = None
        self.modules.clear()
        self.conditions.clear()


def _generates(code: CodeType) -> bool:
    """Whether ``code``, or any inside it, is of an asynchronous generator."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return bool(code.co_flags & inspect.CO_ASYNC_GENERATOR) or any(map(_generates, inner))


def again(engine: Any) -> bool:
    """Let go of what a run of ``engine``, a traced one, has left, so that it can make another; False if it must not.

    It must not if tasks are left, or a generator may be: whoever drops that one later would do so in another run; nor
    if what it was made of becomes more and more: nothing would ever be let go of.
    To begin the next run, its schedule is given to the ready queue, and its I/O core begins anew.
    """
    scheduler = engine.scheduler
    traces: Traces = engine.traces
    broken = scheduler.living or scheduler.leaked or scheduler.failure or engine.ready.notify is None
    if broken or traces.generates or traces.grows() or not traces.none():
        return False
    traces.retire()
    engine.numbers = itertools.count(1)
    for watched, name in ((engine, "equip"), (scheduler, "waits")):
        vars(watched).pop(name, None)  # whoever listened in
    engine.ready.begin(Fifo())
    scheduler.begin()
    engine.recorder.open()
    return True
