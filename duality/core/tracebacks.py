"""Tracebacks as the spec's reader wants them: the spec's frames, and whatever Python code it called, and no others.

    before   run, turn, main, locked, outer, turn, inner, raised      (handlers and dispatcher | stacks and switches)
    after    main, outer, inner

Rule: what the machine does between two frames of a spec is the same call on either side, so it is not told. A fault of
our own, which no frame of a spec is part of, is told in full.
"""

import os
from types import TracebackType

_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_ROOMS = ("core", "events", "threads", "oracle", "spec", "compiler")
MACHINE = (*(os.path.join(_HOME, room) + os.sep for room in _ROOMS), os.path.join(_HOME, "run.py"))
"""How the paths of the machine's own files begin."""


def of_the_spec(error: BaseException) -> BaseException:
    """``error`` with the machine's frames taken out of its traceback, its causes', contexts' and parts'."""
    ahead, met = [error], set()
    while ahead:
        one = ahead.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        one.__traceback__ = _without_the_machine(one.__traceback__)
        ahead += [other for other in (one.__cause__, one.__context__) if other is not None]
        ahead += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return error


def _without_the_machine(trace: TracebackType | None) -> TracebackType | None:
    entries, one = [], trace
    while one is not None:
        if not one.tb_frame.f_code.co_filename.startswith(MACHINE):
            entries.append(one)
        one = one.tb_next
    return _linked(entries) if entries else trace


def _linked(entries: list[TracebackType]) -> TracebackType:
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        entry.tb_next = following
    return entries[0]
