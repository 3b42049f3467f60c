"""Smaller values: what to try in place of a word of choices, or of a parameter.

Rules: every candidate is smaller than what it stands for, so that trying them one after the other ends; large steps are
tried first. Source: Zeller & Hildebrandt 2002, delta debugging.
"""

from collections.abc import Iterator, Sequence
from typing import Any

Word = tuple[int, ...]


def words(word: Word) -> Iterator[Word]:
    """Shorter and plainer words: without a block, with a block of zeros, with a choice lower. Those that end in zeros
    are as good as cut off there.
    """
    word = trimmed(word)
    size = len(word)
    if size:
        yield ()
    while size:
        for start in range(0, len(word), size):
            end = min(start + size, len(word))
            yield trimmed(word[:start] + word[end:])
            if any(word[start:end]):
                yield trimmed(word[:start] + (0,) * (end - start) + word[end:])
        size //= 2
    for place, choice in enumerate(word):
        for lower in sorted({1, choice // 2, choice - 1}):
            if 0 < lower < choice:
                yield (*word[:place], lower, *word[place + 1 :])
    for place in range(len(word) - 1):
        if word[place] and not word[place + 1]:  # switch later
            yield trimmed((*word[:place], 0, word[place], *word[place + 2 :]))


def trimmed(word: Sequence[int]) -> Word:
    """``word`` without the zeros at its end: where a word is over, the first task goes on all the same."""
    end = len(word)
    while end and not word[end - 1]:
        end -= 1
    return tuple(word[:end])


def values(value: Any) -> Iterator[Any]:
    """Smaller values of the same type, the smallest first; none for types that have no size."""
    if isinstance(value, bool):
        yield from (False,) * value
    elif isinstance(value, int):
        sign = -1 if value < 0 else 1
        near = sorted({0, 1, 2, 3, abs(value) // 2, abs(value) - 1})
        yield from (sign * one for one in near if 0 <= one < abs(value))
        if value < 0:
            yield -value
    elif isinstance(value, float):
        yield from (one for one in (0.0, 1.0, float(int(value)), value / 2) if weight(one) < weight(value))
    elif isinstance(value, str | bytes | list | tuple):
        yield from _parts(value)


def _parts(value: Any) -> Iterator[Any]:
    size = len(value)
    while size:
        for start in range(0, len(value), size):
            yield value[:start] + value[start + size :]
        size //= 2
    if isinstance(value, list | tuple):
        for place, item in enumerate(value):
            for smaller in values(item):
                yield type(value)((*value[:place], smaller, *value[place + 1 :]))


def weight(value: Any) -> float:
    """How large a value is, as ``values`` sees it; 0 for types that have no size."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return abs(value) + 0.25 * (value < 0) + 0.5 * (value != int(value) if abs(value) < 1e15 else False)
    if isinstance(value, str | bytes):
        return float(len(value))
    if isinstance(value, list | tuple):
        return len(value) + sum(map(weight, value))
    return 0.0
