"""A spec that does what it is told: small programs over a few cells, for whoever compares ways of exploring."""

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, scope, yield_now


@module
class Cell:
    """A value whose final state tells the order in which it was used."""

    value: int = 1
    open: bool = False
    items: list = field(factory=list)
    opened: Condition = field(factory=Condition)

    @entry
    async def update(self, number):
        self.value = self.value * 3 + number

    @entry
    async def hold(self, number):
        before = self.value
        await yield_now()
        self.value = before * 3 + number

    @procedure
    async def race(self, number):
        before = self.value
        await yield_now()
        self.value = before * 3 + number

    @procedure
    async def note(self, number):
        self.items.append(number)

    @procedure
    async def alias(self, number):
        items = self.items
        await yield_now()
        items.append(number)

    @procedure
    async def look(self, number):
        return self.value + number

    @entry
    async def nested(self, other):
        await yield_now()
        await other.update(7)

    @entry
    async def wait(self, number):
        while not self.open:
            await self.opened.wait()
        self.open = False
        self.value = self.value * 3 + number

    @entry
    async def signal(self, number):
        self.open = True
        self.opened.signal()


@module
class Worker:
    """Runs programs: tuples of (operation, cell, number)."""

    cells: list

    @procedure
    async def work(self, program):
        seen = ()
        for operation, place, number in program:
            cell = self.cells[place]
            if operation == "rest":
                await yield_now()
            elif operation == "nested":
                await cell.nested(self.cells[number % len(self.cells)])
            elif operation == "look":
                seen += (await cell.look(number),)
            elif operation == "update":
                await cell.update(number)
            elif operation == "hold":
                await cell.hold(number)
            elif operation == "race":
                await cell.race(number)
            elif operation == "note":
                await cell.note(number)
            elif operation == "alias":
                await cell.alias(number)
            elif operation == "wait":
                await cell.wait(number)
            elif operation == "signal":
                await cell.signal(number)
            elif operation == "fail":
                raise ValueError(number)
        return seen


@module
class Main:
    """Starts the programs, and waits for them as it is told: by joining them, in a scope, or not at all."""

    workers: list
    programs: tuple
    how: str

    @procedure
    async def main(self):
        if self.how == "scope":
            async with scope() as block:
                for place, program in enumerate(self.programs):
                    block.fork(self.workers[place].work, program)
            return "left"
        tasks = [fork(self.workers[place].work, program) for place, program in enumerate(self.programs)]
        if self.how == "join":
            return tuple([await join(task) for task in tasks])
        return "gone"


@application
def composed(programs, cells=2, how="join"):
    every = [Cell() for _ in range(cells)]
    return Main([Worker(list(every)) for _ in programs], programs, how)


OPERATIONS = (
    "rest", "update", "hold", "race", "note", "alias", "look", "nested", "wait", "signal", "fail"
)  # fmt: skip
