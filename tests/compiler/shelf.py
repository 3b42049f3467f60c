"""The module that the golden cases extend: something to await, something to change, something to wait for."""

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, reply, scope, sleep, yield_now


@module
class Shelf:
    """A shelf with prices."""

    total: int = 0
    items: list = field(factory=list)
    prices: dict = field(factory=dict)
    not_empty: Condition = field(factory=Condition)

    async def price(self, item):
        """Rests."""
        await yield_now()
        return len(item)

    async def count(self, *items, **named):
        """Rests."""
        await yield_now()
        return len(items) + len(named)

    def opened(self, item):
        """Does not rest; a context manager in some specs."""
        return item


async def parse(text):
    """A helper that rests."""
    await sleep(0)
    return text


def plain(*args):
    """Does not rest."""
    return args


__all__ = [
    "Condition", "Shelf", "application", "entry", "field", "fork", "join", "module", "parse", "plain", "procedure",
    "reply", "scope", "sleep", "yield_now",
]  # fmt: skip
