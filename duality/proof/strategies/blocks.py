"""Statements that hold others: branches, loops, `try`, scopes, deadlines, generators."""

from collections.abc import Callable

from duality.proof.strategies.promises import LEVEL
from duality.proof.strategies.tasks import Tasks

CATCHES = ("Exception", "Oops", "(Oops, ValueError)", "TimeoutError", "DeadlockError", "Cancelled", "BaseException")


class Statements(Tasks):
    """Writes whole bodies."""

    def write(self, most: int, levels: int) -> None:
        """Write up to ``most`` statements, nested up to ``levels`` deep."""
        for _ in self.chance.some(most):
            if self.budget <= 0:
                return
            self.chance.part(lambda: self.statement(levels))

    def statement(self, levels: int) -> None:
        """Write one."""
        self.budget -= 1
        simple: list[Callable[[], None]] = [
            self.note, self.rest, self.rest, self.change, self.assign, self.ask, self.ask, self.ask, self.race,
            self.wait, self.wait, self.signal, self.signal, self.fork, self.join, self.send, self.cancel, self.fail,
            self.leave, self.answer, self.many, self.collect, self.guarded, self.build,
            *[self.balance] * (10 * (LEVEL in self.room.invariants)),
        ]  # fmt: skip
        blocks: list[Callable[[int], None]] = [
            self.branch, self.loop, self.attempt, self.attempt, self.scope, self.scope, self.deadline, self.deadline,
            self.through, self.recur, *[self.recur] * (2 * len(self.room.up)),
            *[self.through] * len(self.room.generators),
        ]  # fmt: skip
        if levels and self.chance.number(2) == 2:
            self.chance.pick(*blocks)(levels - 1)
        else:
            self.chance.pick(*simple)()

    def branch(self, levels: int) -> None:
        """An `if`, perhaps with an `else`."""
        with self.block(f"if {self.test()}:"):
            self.write(2, levels)
        if self.chance.maybe(3):
            with self.block("else:"):
                self.write(2, levels)

    def loop(self, levels: int) -> None:
        """A loop that runs twice."""
        name = self.fresh("i", [])
        with self.block(f"for {name} in range(2):", 2):
            self.names.append(name)
            self.loops += 1
            self.write(3, levels)
            if self.chance.maybe(4):
                self.leave()
            self.loops -= 1

    def attempt(self, levels: int) -> None:
        """A `try`, with what it catches, and perhaps a `finally` that rests."""
        with self.block("try:"):
            self.write(2, levels)
            self.ask()
            bound = list(self.names)
        shape = self.chance.number(6)
        if shape == 5:
            with self.block("except* Oops as group:"):
                self.put("self.log.append(len(group.exceptions))")
        elif shape != 6:
            self.caught(levels)
        if shape in (3, 4, 6):
            with self.block("finally:"):
                loops, self.loops = self.loops, 0
                self.rest()
                self.write(1, levels)
                self.loops = loops
        if shape == 6 and bound != self.names:  # who comes behind the `finally` has come through all of the `try`
            self.names = bound
            self.put(f"self.log.append({bound[-1]})")

    def caught(self, levels: int) -> None:
        """An `except`, which tells what came, and may pass it on."""
        kind = self.chance.pick(*CATCHES)
        with self.block(f"except {kind} as error:"):
            self.put(f"self.log.append({self.chance.pick('type(error).__name__', 'str(error)')})")
            if self.chance.maybe(3):
                self.write(1, levels)
            if kind == "BaseException" or (kind == "Cancelled" and not self.chance.maybe(4)):
                self.put("raise")
            elif self.chance.maybe(6):
                self.put(self.chance.pick("raise", "raise Worse(0) from error", "raise Worse(0) from None"))

    def scope(self, levels: int) -> None:
        """A block that waits for its tasks."""
        name = self.fresh("s", [])
        with self.block(f"async with scope() as {name}:"):
            self.scopes.append(name)
            self.owned += 1
            for _ in range(1 + self.chance.number(1)):
                target = self.target(forked=True)
                if target is not None:
                    self.put(f"{name}.fork({target[0]}, {target[1]})")
            self.write(2, levels)
            self.owned -= 1

    def deadline(self, levels: int) -> None:
        """A block with a time limit."""
        fails = self.chance.maybe(3)
        name = self.fresh("limit", [])
        verb = f"fail_after({self.seconds()})" if fails else f"move_on_after({self.seconds()}) as {name}"
        with self.block(f"with {verb}:"):
            self.owned += 1
            self.write(2, levels)
            self.chance.pick(self.ask, self.rest, self.join)()
            self.owned -= 1
        if not fails:
            self.put(f"self.log.append({name}.cancelled_caught)")

    def through(self, levels: int) -> None:
        """The values of a generator."""
        if not self.room.generators or self.cost > 40:
            self.loop(levels)
            return
        name = self.fresh("i", [])
        argument = self.value()
        with self.block(f"async for {name} in self.{self.chance.pick(*self.room.generators)}({argument}):", 2):
            self.names.append(name)
            self.loops += 1
            self.write(2, levels)
            self.loops -= 1

    def recur(self, levels: int) -> None:
        """A call back to where one may have come from, while there is fuel."""
        if self.fueled or self.times > 1:
            self.branch(levels)
            return
        with self.block("if a > 0:"):
            self.fueled = True
            back = [f"self.{name}.{one}" for name, room in self.room.up.items() for one in room.coming]
            if back and self.chance.number(2):
                self.deep = True
                self.cost += 15
                self.put(f"self.log.append(await {self.chance.pick(*back)}(a - 1))")
            else:
                self.ask()
            if self.chance.maybe(2):
                self.fork()
            self.fueled = False
