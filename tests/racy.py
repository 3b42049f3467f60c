"""The spec that is wrong in the plainest way, as the text of a file."""

_TEXT = '''"""An account that looks before it rests."""
from duality import application, fork, join, module, procedure, yield_now


@module
class Account:
    balance: int = 10

    @procedure
    async def withdraw(self, amount):
        if self.balance >= amount:
            await yield_now()
            self.balance -= amount


@module
class Main:
    account: Account
    tasks: int

    @procedure
    async def main(self):
        for task in [fork(self.account.withdraw, 8) for _ in range(self.tasks)]:
            await join(task)
        left = self.account.balance
        ENDS


@application
def racy(tasks: int = TASKS):
    return Main(Account(), tasks)
'''


def racy(ends: str, tasks: int = 4) -> str:
    """Tasks look first and act later, with a rest in between. ends: the last statement, given what is ``left``."""
    return _TEXT.replace("ENDS", ends).replace("TASKS", str(tasks))
