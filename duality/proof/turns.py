"""Taking turns: every ready task in the order of its name, and then from the beginning.

Rule: the order is that of births, ``0``, ``0.1``, ``0.1.1``, ``0.2``, ``0.10``: numbers compare as numbers.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def rank(name: str) -> tuple[int, ...]:
    """Where a task's name stands among others."""
    return tuple(int(part) for part in name.split("."))


def turns() -> Callable[[int, Sequence[str]], int]:
    """The choice function of a round: the first task behind the one that went last, or the first of all."""
    last: tuple[int, ...] = ()

    def choice(step: int, offered: Sequence[str]) -> int:
        nonlocal last
        ranks = [rank(name) for name in offered]
        last = min((one for one in ranks if one > last), default=min(ranks))
        return ranks.index(last)

    return choice
