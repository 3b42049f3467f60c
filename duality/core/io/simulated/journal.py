"""The operations asked of the core, in the order they were asked.

Rules of this file:

1. A line is begun when an operation is asked and completed when it is answered: a list, changed in place. What
   is read is made of it only when somebody asks.
2. A line holds nothing that lives: no activation, no connection, no large bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from errno import errorcode
from typing import Any, Final
from zlib import crc32

from attrs import frozen

from duality.core.contract import Activation
from duality.core.io.simulated.agenda import Agenda

SHOWN: Final = 40
"""Bytes of data that are shown; of longer data the length and a checksum."""

Line = list[Any]
"""``[time, task, resources, verb, arguments, answer]``; the answer is None until there is one."""


@frozen
class Operation:
    """One operation: at ``when`` (seconds), ``task`` asked for ``verb(arguments)``, and ``answer`` came, or will.

    resources: what it touched. First the thing it was asked of: ``connection 2``, ``listener 80``, ``file /x``,
    ``clock``; then what it shares with others: ``net`` (numbers are given out in order), ``disk`` (the whole tree).
    """

    when: float
    task: str
    resources: tuple[str, ...]
    verb: str
    arguments: str
    answer: str

    @property
    def resource(self) -> str:
        """The thing it was asked of."""
        return self.resources[0]

    def __str__(self) -> str:
        who = f"task {self.task}: " if self.task else ""
        return f"{self.when:.9g} {who}{self.resource} {self.verb}({self.arguments}) -> {self.answer}"


class Journal:
    """All lines of a run. ``keeps``: whether they are kept."""

    __slots__ = ("_agenda", "_append", "lines")

    def __init__(self, agenda: Agenda, keeps: bool) -> None:
        self.lines: list[Line] = []
        self._agenda = agenda
        self._append: Callable[[Line], object] = self.lines.append if keeps else _forget

    def begin(self, activation: Activation | None, resources: str | tuple[str, ...], verb: str, *args: Any) -> Line:
        """Begin the line of an operation that is being asked."""
        line = [self._agenda.time, getattr(activation, "name", ""), resources, verb, args, None]
        self._append(line)
        return line

    def operations(self) -> tuple[Operation, ...]:
        """What was asked so far."""
        return tuple(map(_read, self.lines))


def failed(line: Line, error: BaseException) -> BaseException:
    """Complete ``line`` with ``error``, and give it back to be raised."""
    number = getattr(error, "errno", None)
    name = errorcode.get(number, "") if isinstance(number, int) else ""
    line[5] = f"{type(error).__name__} {name}".rstrip()
    return error


def told(value: object) -> object:
    """What a line holds of an answer."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if value is None or isinstance(value, int):
        return "done" if value is None else value
    return getattr(value, "resource", None) or str(value)


def brief(data: bytes | bytearray | memoryview) -> bytes | tuple[int, int]:
    """What a line holds of ``data``: all of it, if that is little, or its length and checksum."""
    return bytes(data) if len(data) <= SHOWN else (len(data), crc32(data))


def _read(line: Line) -> Operation:
    when, task, resources, verb, args, answer = line
    touched = (resources,) if isinstance(resources, str) else resources
    return Operation(when, task, touched, verb, ", ".join(map(_shown, args)), "..." if answer is None else str(answer))


def _shown(argument: Any) -> str:
    if isinstance(argument, tuple):
        return f"{argument[0]} bytes, crc {argument[1]:08x}"
    return argument if isinstance(argument, str) else repr(argument)


def _forget(line: Line) -> None:
    """Keep nothing."""
