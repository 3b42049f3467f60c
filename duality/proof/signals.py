"""Who could still signal a condition: read off the bytecode of the spec, from where each task stands.

    standing   Main.main at `await join(consumer)`
    ahead      self.buffer.put, reached by name  ->  Buffer.put  ->  self.not_empty.signal()

Rules:
- By name, and generously: whatever is called as a procedure or method is may be meant, and a signal of something that
  has no name is one of every condition. So "nobody can" is sure, as far as names go; "somebody could" is a guess.
- The flow is CPython's own (``alive.following``), from the awaits of the line where the task stands.
"""

import dis
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, FunctionType
from typing import Any

from attrs import frozen

from duality.graph import Node
from duality.proof.alive import can_fail, following
from duality.spec.module import is_module

_SIGNALS = ("signal", "broadcast")
_LOADS = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_SUPER_ATTR")
_RESTS = frozenset({"SEND", "GET_AWAITABLE", "GET_ANEXT", "BEFORE_ASYNC_WITH", "YIELD_VALUE"})
_MACHINE = tuple(f"duality.{room}" for room in ("core", "spec", "events", "threads", "oracle", "compiler"))
_ANYTHING = ("getattr", "eval", "exec", "vars", "__dict__")


@frozen
class Ahead:
    """What some code says. signals: the names of the conditions that it signals ("" for one without a name), each with
    its line.   names: everything that it loads by name.
    """

    signals: tuple[tuple[str, int], ...]
    names: frozenset[str]


class Signals:
    """The code of an application, for asking who signals what. modules: each with its path; helpers: of the file."""

    def __init__(self, modules: Sequence[tuple[str, Any]], helpers: Iterable[Any] = ()) -> None:
        self.codes: dict[str, dict[CodeType, str]] = defaultdict(dict)  # by name: the code, and its full name
        self.whole: dict[CodeType, Ahead] = {}
        for helper in helpers:
            self._note(helper)
        for cls in {base for _, instance in modules for base in type(instance).__mro__ if base is not object}:
            for function in _functions(vars(cls).values()):
                self._note(function)
                if is_module(cls):
                    for helper in _functions(function.__globals__.values()):
                        self._note(helper)

    def _note(self, function: Any) -> None:
        if not hasattr(function, "is_procedure") and not str(function.__module__).startswith(_MACHINE):
            name = function.__qualname__.rpartition("<locals>.")[2]
            self.codes[name.rpartition(".")[2]][function.__code__] = name

    def of(self, condition: str) -> list[str]:
        """Where a condition called ``condition`` (``Buffer.not_full``) is signalled: ``file:line, in Buffer.put``."""
        name, found = condition.rpartition(".")[2], []
        for codes in self.codes.values():
            for code, full in codes.items():
                for signalled, line in self._all(code).signals:
                    if signalled == name:
                        found.append((code.co_filename, line, full))
        return [f"{file}:{line}, in {full}" for file, line, full in sorted(found)]

    def can_come(self, stands: Iterable[Node], condition: str) -> bool:
        """Whether a task that is in procedures that stand at ``stands`` may come to a signal of ``condition``."""
        name = condition.rpartition(".")[2]
        ahead, met = [one for node in stands for one in self._from(node)], set[str]()
        while ahead:
            one = ahead.pop()
            if any(signalled in (name, "") for signalled, _ in one.signals) or met & set(_ANYTHING):
                return True
            fresh = one.names - met
            met |= fresh
            ahead += [self._all(code) for called in fresh for code in self.codes.get(called, ())]
        return bool(met & set(_ANYTHING))

    def _all(self, code: CodeType) -> Ahead:
        if code not in self.whole:
            self.whole[code] = _ahead(code, None)
        return self.whole[code]

    def _from(self, node: Node) -> Iterator[Ahead]:
        """What lies ahead of ``node`` in its procedure."""
        for code, full in self.codes.get(node.procedure.rpartition(".")[2], {}).items():
            if full == node.procedure:
                instructions = list(dis.get_instructions(code))
                starts = [one.offset for one in instructions if one.opname in _RESTS and _line(one) == node.line]
                starts = [min(starts)] if starts and node.kind not in ("begin", "enter") else [0]
                yield _ahead(code, starts)


def _functions(values: Iterable[Any]) -> Iterator[Any]:
    return (value for value in values if isinstance(value, FunctionType))


def _ahead(code: CodeType, starts: list[int] | None) -> Ahead:
    """What ``code`` says from the instructions at ``starts`` on; None: all of it."""
    signals, names = [], set()
    reached = _reached(code, starts) if starts is not None else None
    before: dis.Instruction | None = None
    for one in dis.get_instructions(code):
        if reached is None or one.offset in reached:
            if one.opname.startswith(_LOADS):
                names.add(str(one.argval))
                if one.argval in _SIGNALS:
                    named = before is not None and before.opname == "LOAD_ATTR"
                    signals.append((str(before.argval) if named and before is not None else "", _line(one)))
            elif isinstance(one.argval, CodeType):
                inner = _ahead(one.argval, None)
                signals += inner.signals
                names |= inner.names
        before = one
    return Ahead(tuple(signals), frozenset(names))


def _reached(code: CodeType, starts: list[int]) -> set[int]:
    goes, found, ahead = following(code, can_fail), set[int](), list(starts)
    while ahead:
        offset = ahead.pop()
        if offset not in found:
            found.add(offset)
            ahead += goes[offset]
    return found


def _line(one: dis.Instruction) -> int:
    return (one.positions.lineno or 0) if one.positions is not None else 0
