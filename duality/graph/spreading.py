"""Put things on a line, each as near its wish as order and spacing allow.

    wishes  0 0 0      spacing 10     ->  -10 0 10
    wishes  0 100      spacing 10     ->  0 100

Sliding each thing left by all the spacing before it turns "keep the spacing" into "do not decrease". Least squares
under that is isotonic regression, which pooling solves exactly in one pass.
Source: Ayer et al. 1955 (pool adjacent violators).
"""

from collections.abc import Sequence
from math import inf


def spread(
    wishes: Sequence[float],
    weights: Sequence[float],
    spacings: Sequence[float],
    low: float = -inf,
    high: float = inf,
) -> list[float]:
    """Positions in the order given, minimising the weighted squares of their distances from the wishes.

    weights: > 0, one a wish.   spacings: least distance between each two neighbours, one fewer than wishes.
    low, high: bounds for all positions; ``high - low`` must be at least the sum of the spacings.
    """
    room = [0.0]
    for spacing in spacings:
        room.append(room[-1] + spacing)
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many things
    for wish, weight, before in zip(wishes, weights, room, strict=False):
        pool = (wish - before, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            total = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / total, total, count + pool[2])
        pools.append(pool)
    slid = [min(max(mean, low), high - room[-1]) for mean, _, count in pools for _ in range(count)]
    return [at + before for at, before in zip(slid, room, strict=False)]
