"""Continuation records: what of a procedure lives on while a message is awaited.

Among threads there is no such file: there, the stack is the record. Rules: a record holds the handler to go on with and
exactly the variables that are alive (``alive``, in the order its handler unpacks them); it is made only when something
has come to rest, the callee's before the caller's; a reply takes it off the chain of callers before anything else.
Source: Adya et al. 2002 (stack ripping); Lauer & Needham 1978, section 2 (a message and the process that awaits it);
Plevyak, Karamcheti, Zhang & Chien 1995 (contexts made lazily, from the innermost outwards).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NoReturn

from duality.core.contract import PENDING


class Record:
    """One procedure of one task, at rest. ``caller``: the record that awaits its reply, or None.

    A task's ``frame`` is its innermost record. While it is coming to rest, ``task.open`` is the outermost one made so
    far: the procedure that called makes the next, or has one already, and becomes its caller.
    """

    __slots__ = ("alive", "caller", "next", "task")

    def __init__(self, task: Any, following: Any, alive: tuple[Any, ...]) -> None:
        self.task = task
        self.next = following
        self.alive = alive
        if task.open is None:
            self.caller = task.frame
            task.frame = self
        else:
            task.open.caller = self
        task.open = self

    def reply(self, value: Any) -> Any:
        """SendReply: the caller goes on with ``value``."""
        self.task.frame = self.caller
        return value

    def leave(self, child: Any) -> None:
        """The procedure has replied early: ``child`` goes on with it, and has no other record."""
        self.task.frame, self.task.open = self.caller, None
        self.task, self.caller = child, None
        child.take_over(self)

    def abandon(self) -> None:
        """An error has left the procedure."""

    def pass_on(self, answer: Any) -> Any:
        """The record was a message's own; what it called has given ``answer``, or rests and answers to the caller."""
        if answer is PENDING:
            self.task.open.caller = self.caller
            self.task.open = None
            return PENDING
        return self.reply(answer)

    def run(self) -> Any:
        """Step the handlers of a procedure that has just begun, as the dispatcher does, until it replies or rests."""
        self.task.open = None
        return self.step_from(self.caller, None, None)

    def step_from(self, before: Any, answer: Any, error: BaseException | None) -> Any:
        """Step its handlers until one rests, or gives its answer; ``before`` is the task's frame again if one fails."""
        task = self.task
        try:
            while True:
                answer, error = self.next(self, answer, error), None
                if answer is PENDING:
                    if task.open is not None:
                        task.open.caller = self
                    task.open = self
                    return PENDING
                if task.frame is not self:
                    return answer
        except BaseException:
            task.frame = before
            raise


class Holding(Record):
    """The record of an entry: it holds its stage until the reply."""

    __slots__ = ("stage",)

    def __init__(self, task: Any, following: Any, alive: tuple[Any, ...], stage: Any) -> None:
        super().__init__(task, following, alive)
        self.stage = stage

    def reply(self, value: Any) -> Any:
        """SendReply, and the stage turns to the next message in its queue."""
        self.task.frame = self.caller
        self.stage._duality_gate.release()
        return value

    def leave(self, child: Any) -> None:
        """The stage goes along: it is free when what is left has ended."""
        super().leave(child)
        self.stage._duality_gate.hand_to(child)

    def abandon(self) -> None:
        """An error is a reply too: the stage is free."""
        self.stage._duality_gate.release()


class Cell:
    """A variable that handlers share with an inner function (CPython's cell, written out)."""

    __slots__ = ("value",)

    def __init__(self, *start: Any) -> None:
        if start:
            self.value = start[0]

    def bind(self, value: Any) -> Any:
        """``name := value``, inside an expression."""
        self.value = value
        return value

    def __getattr__(self, name: str) -> Any:
        if name != "value":  # somebody looks what this is, and it is nothing of his
            raise AttributeError(f"a cell has no attribute {name!r}")
        raise _unbound(self, sys._getframe(1))  # `value` is not set

    def __delattr__(self, name: str) -> None:
        missing = False
        try:
            object.__delattr__(self, name)
        except AttributeError:
            missing = True
        if missing:  # raised out here, where that AttributeError is no context of it
            raise _unbound(self, sys._getframe(1))


def _unbound(cell: Cell, frame: FrameType) -> NameError:
    """The error that CPython raises where ``frame`` uses the variable of ``cell`` before it is bound."""
    name = next((name for name, value in frame.f_locals.items() if value is cell), "")
    if not name and frame.f_back is not None:  # the body of a class, whose locals are its own alone
        around = frame.f_back.f_locals.items()
        name = next((name for name, value in around if value is cell and name in frame.f_code.co_freevars), "")
    variable = re.sub(r"_cell(_\d+)?_*$", "", name)
    if name in frame.f_code.co_freevars:
        where = "where it is not associated with a value in enclosing scope"
        return NameError(f"cannot access free variable {variable!r} {where}", name=variable)
    return UnboundLocalError(f"cannot access local variable {variable!r} where it is not associated with a value")


class _Unbound:
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = _Unbound()
"""Stands in a record for a variable that had not been bound when its procedure came to rest."""


def again(error: BaseException) -> NoReturn:
    """Raise ``error``, which keeps its context, whatever is being handled around."""
    context = error.__context__
    try:
        raise error
    finally:
        error.__context__ = context


class _Iterator:
    """Makes an iterator iterable, where it is not (Python's ``for`` asks ``iter`` only once)."""

    __slots__ = ("inner",)

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __iter__(self) -> "_Iterator":
        return self

    def __next__(self) -> Any:
        return self.inner.__next__()


def iterate(items: Iterable[Any]) -> Iterator[Any]:
    """The iterator of a ``for`` that a rest cuts through: handlers go on with it where the last one stopped."""
    iterator = iter(items)
    return iterator if hasattr(iterator, "__iter__") else _Iterator(iterator)
