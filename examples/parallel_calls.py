"""Parallel calls: FORK and JOIN, or a message sent now whose reply is awaited later.

What it teaches. ``await shop.price(x)`` is a call, or SendMessage with
AwaitReply at once. Taken apart into ``fork`` and ``join`` the same procedure is
asked of several shops while nobody waits; the answers are collected in the
order they were asked for, whatever order they came in. An error travels with
the reply and is raised where the reply is awaited. A ``scope`` says when a
group must be over, and cancels what is left when one of it fails.

    duality run examples/parallel_calls.py --on events --item lamp
"""

from attrs import field

from duality import application, fork, join, module, procedure, scope, sleep


class SoldOut(Exception):
    """The shop does not have the item."""


@module
class Shop:
    """One shop; ``delay`` seconds pass before it answers."""

    name: str
    delay: float
    prices: dict[str, int] = field(factory=dict)

    @procedure
    async def price(self, item: str) -> int:
        """Block for ``delay`` seconds; return the price of ``item`` or raise SoldOut."""
        await sleep(self.delay)
        if item not in self.prices:
            raise SoldOut(f"{self.name} has no {item}")
        return self.prices[item]


@module
class Main:
    """Asks every shop at once, twice: with fork and join, and within a scope."""

    shops: list[Shop]
    item: str

    async def offers(self) -> list[str]:
        """Ask all, then collect each answer, be it a price or an error."""
        asked = [fork(shop.price, self.item) for shop in self.shops]
        offers = []
        for shop, task in zip(self.shops, asked, strict=True):
            try:
                offers.append(f"{shop.name}: {await join(task)}")
            except SoldOut as error:
                offers.append(f"sorry: {error}")
        return offers

    async def all_or_nothing(self) -> int | str:
        """The sum of all prices, or the names of the errors if any shop fails."""
        try:
            async with scope() as group:
                asked = [group.fork(shop.price, self.item) for shop in self.shops]
        except ExceptionGroup as failed:
            return " and ".join(type(error).__name__ for error in failed.exceptions)
        total = 0
        for task in asked:
            total += await join(task)
        return total

    @procedure
    async def main(self) -> tuple[list[str], int | str]:
        """Return the shops' answers in the order asked, and the verdict of the scope."""
        offers = await self.offers()
        return offers, await self.all_or_nothing()


@application
def parallel_calls(item: str = "lamp", delay: float = 0.005) -> Main:
    """Three shops, the first the slowest. item: "lamp" (all have it), "rope" (one lacks it).   delay: seconds."""
    return Main(
        [
            Shop("North", 3 * delay, {"lamp": 30, "rope": 7}),
            Shop("South", 2 * delay, {"lamp": 28}),
            Shop("East", delay, {"lamp": 33, "rope": 5}),
        ],
        item,
    )
