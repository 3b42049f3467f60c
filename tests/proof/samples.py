"""Small applications that a check has something to say of; each is wrong in one way, but for the first."""

import itertools

from attrs import field

from duality import Condition, application, disk, entry, fork, invariant, join, module, procedure, sleep, yield_now

outside = itertools.count()  # what no schedule and no seed decides


@module
class Cell:
    """A value, and who is told when there is one."""

    value: int = 0
    full: Condition = field(factory=Condition)

    @entry
    async def put(self, value):
        self.value = value
        self.full.signal()

    @entry
    async def get(self):
        while not self.value:
            await self.full.wait()
        taken, self.value = self.value, 0
        return taken


@module
class Pair:
    """A giver and a taker. Nothing is wrong."""

    cell: Cell

    @procedure
    async def give(self, count):
        for number in range(count):
            await yield_now()
            await self.cell.put(number + 1)
            await join(fork(self.rest))

    @procedure
    async def rest(self):
        await yield_now()

    @procedure
    async def main(self):
        giving = fork(self.give, 1)
        taken = await self.cell.get()
        await join(giving)
        return taken


@application
def sound():
    return Pair(Cell())


@module
class Racy:
    """Check, rest, act. ``noise``: more of it than the loss needs."""

    total: int = 0
    paid: int = 0

    async def pay(self, amount):
        seen = self.total
        await yield_now()
        self.total = seen + amount
        self.paid += amount

    @procedure
    async def noise(self, count):
        for _ in range(count):
            await yield_now()

    @procedure
    async def main(self, tasks=3, noise=3):
        noisy = fork(self.noise, noise)
        paying = [fork(self.pay, 10) for _ in range(tasks)]
        for one in [noisy, *paying]:
            await join(one)
        assert self.total == self.paid, "some of it is lost"


@module
class Sized:
    """Hands its parameters on."""

    racy: Racy
    tasks: int
    noise: int
    label: str

    @procedure
    async def main(self):
        await self.racy.main(self.tasks, self.noise)
        return self.label


@application
def racy(tasks: int = 3, noise: int = 3, label: str = "long enough"):
    return Sized(Racy(), tasks, noise, label)


@module
class Guarded:
    """Its invariant fails when the second of two tasks has come first."""

    first: int = 0
    last: int = 0

    @invariant
    def in_order(self):
        return self.last <= self.first

    async def one(self):
        await yield_now()
        self.first = 1

    async def other(self):
        await yield_now()
        self.last = 1

    @procedure
    async def main(self):
        both = [fork(self.one), fork(self.other)]
        for one in both:
            await join(one)


@application
def guarded():
    return Guarded()


@module
class Lonely:
    """Ends by an error, by a deadlock, with a task that is left, or never, as it is told."""

    how: str
    cell: Cell

    async def left(self):
        await self.cell.get()

    @procedure
    async def main(self):
        if self.how == "error":
            await yield_now()
            raise LookupError("nothing there")
        if self.how == "deadlock":
            await self.cell.get()
        if self.how == "leak":
            fork(self.left)
        if self.how == "chance":
            for _ in range(next(outside) % 2):
                await yield_now()
        if self.how == "chance at the end":
            return next(outside)
        if self.how == "refused":
            fork(print)
        if self.how == "sleep":
            await sleep(3600)
        while self.how == "endless":
            await yield_now()


@application
def lonely(how: str = "error"):
    return Lonely(how, Cell())


@module
class Reader:
    """Reads a file, and knows no errors."""

    @procedure
    async def main(self):
        await sleep(1)
        return await disk.read_file("/a")


@application
def reader():
    return Reader()
