"""Check-then-act across a rest: money that was paid in and is not there. Wrong on purpose.

What it teaches. Between two rests a task is alone; a rest is where the others
come in. ``pay`` reads the balance, rests, and writes what it has read, plus
the amount: what anybody wrote in between is gone. An ordinary run shows
nothing, and neither does a test of it. A check tries other schedules, finds
one where the ``@invariant`` does not hold, and makes it as short as it can.
The cure is one word: ``@entry`` in place of ``@procedure`` keeps the others
out until ``pay`` has returned, its rest included (``safe_account.py``).

    duality run examples/racy_account.py
    duality check examples/racy_account.py
"""

from duality import application, fork, invariant, join, module, procedure, yield_now


@module
class Account:
    """A balance, and the sum of what was paid in."""

    balance: int = 0
    paid: int = 0

    @invariant
    def nothing_is_lost(self) -> bool:
        """What was paid in is there."""
        return self.balance == self.paid

    @procedure
    async def pay(self, amount: int) -> None:
        """Add ``amount`` to the balance, which is looked up first; then comes a rest."""
        found = self.balance
        await yield_now()
        self.balance = found + amount
        self.paid += amount


@module
class Main:
    """Customers who come one after the other, and pay into one account."""

    account: Account
    customers: int

    @procedure
    async def main(self) -> int:
        """Return the balance, once everybody has paid."""
        paying = []
        for number in range(1, self.customers + 1):
            paying.append(fork(self.account.pay, 10 * number))
            await yield_now()
        for one in paying:
            await join(one)
        return self.account.balance


@application
def racy_account(customers: int = 4) -> Main:
    """Pay into one account, and lose some of it.

    customers: tasks, at least 0.
    """
    return Main(Account(), customers)
