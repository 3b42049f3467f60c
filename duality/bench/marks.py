"""The speed to reach, as data: which ratio, and within what it should be.

Rule: a mark is a ratio of two measurements of one run on one machine. Times do not travel; ratios do.
"""

from attrs import frozen


@frozen
class Mark:
    """A ratio between ``least`` and ``most``, both included, is a ratio that meets the mark."""

    most: float
    least: float = 0.0

    def __str__(self) -> str:
        return f"{self.least:.2f} to {self.most:.2f}" if self.least else f"at most {self.most:g}"

    def verdict(self, ratio: float) -> str:
        """``met``, or by how much it is missed, relative to the mark."""
        if ratio > self.most:
            return f"missed by {ratio / self.most - 1:.0%}"
        if ratio < self.least:
            return f"missed by {1 - ratio / self.least:.0%}"
        return "met"


@frozen
class Claim:
    """``above`` over ``below``, contenders of one measure; ``mark`` is None where the ratio is only worth knowing."""

    measure: str
    above: str
    below: str
    mark: Mark | None = None


ALIKE = Mark(1.1, 1 / 1.1)
"""Within 10 % of each other, whichever is the slower."""

CLAIMS = (
    Claim("web", "threads", "gevent", Mark(0.75)),
    Claim("web", "events", "gevent", Mark(0.75)),
    Claim("web", "threads", "events", ALIKE),
    Claim("web", "uvloop", "gevent"),
    Claim("web", "asyncio", "gevent"),
    Claim("web", "nginx", "gevent"),
    Claim("web", "gevent", "events"),
    Claim("web", "uvloop", "events"),
    Claim("web", "asyncio", "events"),
    Claim("web", "nginx", "events"),
    Claim("yield", "threads", "gevent", Mark(0.5)),
    Claim("yield", "events", "asyncio", Mark(0.5)),
    Claim("yield", "threads", "events"),
    Claim("scale", "threads, many", "threads, few", Mark(2.5)),
    Claim("scale", "events, many", "events, few", Mark(1.5)),
    Claim("scale", "gevent, many", "gevent, few"),
    Claim("scale", "asyncio, many", "asyncio, few"),
    Claim("memory", "threads", "events"),
    Claim("memory", "threads", "gevent"),
    Claim("memory", "events", "asyncio"),
    Claim("call", "threads, procedure", "plain method", Mark(2)),
    Claim("call", "events, procedure", "plain method", Mark(3.5)),
    Claim("call", "threads, entry", "plain method", Mark(4)),
    Claim("call", "events, entry", "plain method", Mark(6)),
    Claim("rest", "threads, 100", "greenlet switch pair, 100", Mark(1.3)),
    Claim("rest", "events, 100", "coroutine.send, 100", Mark(2)),
    Claim("rest", "threads, 1,000", "greenlet switch pair, 1,000", Mark(1.3)),
    Claim("rest", "events, 1,000", "coroutine.send, 1,000", Mark(2)),
    Claim("check", "checked", "only run"),
    Claim("simulated", "threads, simulated", "threads, real", Mark(2)),
    Claim("simulated", "events, simulated", "events, real", Mark(2)),
    Claim("simulated", "oracle, simulated", "oracle, real", Mark(2)),
    Claim("compile", "threads, from the cache", "threads, first time", Mark(0.1)),
    Claim("compile", "events, from the cache", "events, first time", Mark(0.1)),
)
