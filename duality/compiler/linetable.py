"""Instructions that stand in no line: what a program does there is nothing a reader of the spec could step over.

    before   RESUME | unpack the record (line 2**30) | line 17 ...       as compiled, the record's lines marked
    after    RESUME | unpack the record (no line)    | line 17 ...       a tracer hears of line 17 first

Rule: CPython hands the line of its neighbour to whatever has none, and would tell a debugger of it; so the lines are
taken out of the finished code. The format is that of CPython 3.11 and later (Objects/locations.md there).
"""

import itertools
from collections.abc import Iterator
from types import CodeType

NOWHERE = 2**30
"""The line number that marks what is to stand in no line."""
Position = tuple[int | None, int | None, int | None, int | None]
_NO_LOCATION, _LONG, _LINE_ONLY, _MOST = 15, 14, 13, 8


def without_marks(code: CodeType) -> CodeType:
    """``code`` with every instruction that is marked ``NOWHERE`` in no line."""
    places = [(None,) * 4 if place[0] == NOWHERE else place for place in code.co_positions()]
    if not any(place[0] is None for place in places):
        return code
    return code.replace(co_linetable=bytes(_table(places, code.co_firstlineno)))


def _table(places: list[Position], line: int) -> Iterator[int]:
    for place, run in itertools.groupby(places):
        left = sum(1 for _ in run)
        while left:
            count = min(left, _MOST)
            left -= count
            yield from _entry(place, count, line)
            line = place[0] if place[0] is not None else line


def _entry(place: Position, count: int, before: int) -> Iterator[int]:
    line, last, column, end = place
    if line is None:
        yield 0x80 | _NO_LOCATION << 3 | count - 1
    elif column is None or end is None or last is None:
        yield 0x80 | _LINE_ONLY << 3 | count - 1
        yield from _signed(line - before)
    else:
        yield 0x80 | _LONG << 3 | count - 1
        yield from _signed(line - before)
        for number in (last - line, column + 1, end + 1):
            yield from _number(number)


def _number(value: int) -> Iterator[int]:
    while value >= 0x40:
        yield 0x40 | value & 0x3F
        value >>= 6
    yield value


def _signed(value: int) -> Iterator[int]:
    return _number(-value << 1 | 1 if value < 0 else value << 1)
