"""An asynchronous generator, among events: a record that gives values before its procedure ends.

Dual of ``threads/generator.py``. Rule: between two values it belongs to no task; whoever asks for the next one becomes
its caller, and its handlers run as a part of that task. Source: PEP 525.
"""

from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING
from duality.core.current import running_or_none
from duality.core.dropped import drop
from duality.core.protocols import raisable, thrown_before
from duality.events.record import Record


class _Done:
    __slots__ = ()

    def __repr__(self) -> str:
        return "DONE"


DONE = _Done()
"""What a handler is answered that asked for the next item of an iterator that has none."""


class Generator(Record):
    """The record of a generator's procedure. ``running``: somebody awaits its next value; ``over``: it has ended."""

    __slots__ = ("begun", "home", "over", "running")
    relay: type[Record] = Record

    def __init__(self, following: Any, alive: tuple[Any, ...]) -> None:
        self.task = self.caller = None
        self.next = following
        self.alive = alive
        self.home = running_or_none()
        self.begun = self.running = self.over = False

    # -- what a spec asks of it ----------------------------------------------------------------------------------------

    def __aiter__(self) -> "Generator":
        return self

    def __anext__(self, task: Any) -> Any:
        """The next value. Raises StopAsyncIteration at its end."""
        return self._asked("anext", task, None)

    def asend(self, task: Any, value: Any, /) -> Any:
        """The next value; the ``yield`` that gave the last one has ``value``."""
        return self._asked("asend", task, value)

    def athrow(self, task: Any, error: Any, value: Any = None, trace: Any = None, /) -> Any:
        """The next value; the ``yield`` that gave the last one raises ``error``."""
        raised = raisable(error, value, trace)
        if self.over:
            return None
        return self._asked("athrow", task, None, raised)

    def aclose(self, task: Any, /) -> Any:
        """End it: GeneratorExit is raised where it stands, so that its ``finally`` blocks run."""
        if self.over or not (self.begun or self.running):
            self.over = True
            return None
        try:
            answer = self.step("aclose", task, None, GeneratorExit())
        except (GeneratorExit, StopAsyncIteration):
            return None
        if answer is PENDING:
            self.relay(task, _closed, ())
            return PENDING
        return ended(answer)

    def _asked(self, word: str, task: Any, value: Any, error: BaseException | None = None) -> Any:
        answer = self.step(word, task, value, error)
        if answer is PENDING:
            self.relay(task, _given, ())
            return PENDING
        return value_of(answer)

    def __del__(self) -> None:
        if self.begun and not self.over:
            drop(self._dropped, self.home)

    def _dropped(self, nobody: Any) -> None:
        try:
            answer = self.step("aclose", nobody, None, GeneratorExit())
        except GeneratorExit:
            return
        if answer is PENDING:
            nobody.deliver()
        ended(answer)

    # -- how it goes on ------------------------------------------------------------------------------------------------

    def step(self, word: str, task: Any, value: Any, error: BaseException | None) -> Any:
        """Run its handlers, as the dispatcher does, until it gives a value or rests; DONE at its end."""
        if self.running:
            raise RuntimeError(f"{word}(): asynchronous generator is already running")
        if self.over:
            return DONE
        if not self.begun and value is not None:
            raise TypeError("can't send non-None value to a just-started async generator")
        if not self.begun and error is not None:
            self.over = True
            return thrown_before(error)
        before = task.frame
        self.go_on(task)
        try:
            return self.step_from(before, value, error)
        except BaseException:
            self.abandon()
            raise

    def go_on(self, task: Any) -> None:
        """It runs as a part of ``task`` now, for whoever asked."""
        self.running = self.begun = True
        self.task, self.caller, task.frame = task, task.frame, self

    def give(self, value: Any) -> Any:
        """``yield value``: whoever asked has it, and nobody waits for this record any more."""
        self.running = False
        self.task.frame = self.caller
        return value

    def reply(self, value: Any) -> Any:
        """It has ended."""
        self.abandon()
        self.task.frame = self.caller
        return DONE

    def abandon(self) -> None:
        """An error has left it, or it has ended: it has no next value."""
        self.running, self.over = False, True


for _name in ("__anext__", "asend", "athrow", "aclose"):
    vars(Generator)[_name].is_procedure = True


def value_of(answer: Any) -> Any:
    """The value that a generator was asked for. Raises StopAsyncIteration if it has ended instead."""
    if answer is DONE:
        raise StopAsyncIteration
    return answer


def ended(answer: Any) -> None:
    """A generator that was told to end has done so. Raises RuntimeError if it gave another value instead."""
    if answer is not DONE:
        raise RuntimeError("async generator ignored GeneratorExit")


def _given(frame: Record, value: Any, error: BaseException | None) -> Any:
    if error is not None:
        raise error
    frame.reply(None)
    return value_of(value)


def _closed(frame: Record, value: Any, error: BaseException | None) -> Any:
    if error is not None and not isinstance(error, GeneratorExit | StopAsyncIteration):
        raise error
    frame.reply(None)
    return ended(value if error is None else DONE)


def making(runtime: Any, program: Callable[..., Generator]) -> Callable[..., Generator]:
    """The function that makes a generator: the program's first, which does nothing else."""
    return program
