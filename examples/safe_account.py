"""The account of ``racy_account.py``, mended: nobody looks while somebody is between the look and the payment.

What it teaches. The mistake was not the rest inside ``pay``, but that others
could come in meanwhile. An ``@entry`` holds its module until it returns, its
rests included: among threads by the monitor's lock, among events because the
stage accepts no other message. Nothing else has changed. A check finds nothing
now, with however many schedules. And as the spec is small, all of them can be
tried: there is one outcome, in which all the money is there.

    duality check examples/safe_account.py
    duality check examples/safe_account.py --customers 3 --exhaustive
"""

from duality import application, entry, fork, invariant, join, module, procedure, yield_now


@module
class Account:
    """A balance, and the sum of what was paid in."""

    balance: int = 0
    paid: int = 0

    @invariant
    def nothing_is_lost(self) -> bool:
        """What was paid in is there."""
        return self.balance == self.paid

    @entry
    async def pay(self, amount: int) -> None:
        """Block while somebody else pays; then add ``amount`` to the balance, which is looked up first, and rest."""
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
def safe_account(customers: int = 4) -> Main:
    """Pay into one account, and lose nothing.

    customers: tasks, at least 0.
    """
    return Main(Account(), customers)
