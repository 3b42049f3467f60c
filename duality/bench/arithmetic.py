"""What becomes of raw samples: order of measuring, ratios, spread.

Rules: contenders are measured in turns, A B B A, so that a machine which slows down slows everybody; a ratio is taken
within one turn and only then summed up, by its median; the spread is all of it, smallest to largest.
"""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Spread:
    """A quantity measured several times, at least once: its median, smallest and largest value."""

    median: float
    least: float
    most: float


def turns(contenders: Sequence[T], rounds: int) -> list[tuple[int, T]]:
    """Who is measured when, with the number of the round: forwards in even rounds, backwards in odd ones."""
    order: list[tuple[int, T]] = []
    for number in range(rounds):
        order += ((number, one) for one in (contenders if number % 2 == 0 else reversed(contenders)))
    return order


def spread(values: Iterable[float]) -> Spread:
    """Sum up ``values``. Raises ValueError if there is none: nothing is said of what was not measured."""
    known = list(values)
    if not known:
        raise ValueError("no value was measured")
    return Spread(median(known), min(known), max(known))


def ratio(above: dict[int, float], below: dict[int, float]) -> Spread:
    """``above`` over ``below``, both by number of round; rounds that only one of them has do not count.

    Raises ValueError if they have no round in common.
    """
    return spread(above[number] / below[number] for number in sorted(above.keys() & below.keys()))
