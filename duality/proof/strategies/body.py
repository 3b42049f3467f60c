"""The body of a procedure while it is being written: lines, names in sight, expressions, calls.

Rule: a name is used only where it is certainly bound: what a block binds is forgotten when the block ends. (What is
perhaps unbound is the affair of the compiler's own tests; these programs are about who runs when.)
"""

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import define, field

from duality.proof.strategies.chance import Chance
from duality.proof.strategies.rooms import Callee, Room

MOST_COST = 80  # statements that one call may run, or so
FUEL = 2  # how often a chain of calls may come back to where it has been


@define(eq=False)
class Body:
    """Writes statements of one procedure of ``room``. ``kind``: the procedure's.   budget: statements left."""

    chance: Chance
    room: Room
    kind: str
    budget: int
    lines: list[str] = field(factory=list)
    depth: int = 1  # of the block that is being written
    names: list[str] = field(factory=lambda: ["a"])
    tasks: list[str] = field(factory=list)
    groups: list[str] = field(factory=list)  # lists of tasks
    scopes: list[str] = field(factory=list)
    owned: int = 0  # blocks around whose end is the affair of the task that entered them
    loops: int = 0
    times: int = 1  # how often the line that is being written may run
    cost: int = 0
    deep: bool = False
    births: dict[str, int] = field(factory=dict)
    fueled: bool = False  # whether what is being written runs only while there is fuel

    # -- lines and names -------------------------------------------------------------------------------------------

    def put(self, line: str) -> None:
        """Write a line in the block that is open."""
        self.lines.append("    " * self.depth + line)
        self.cost += self.times

    @contextmanager
    def block(self, head: str, times: int = 1) -> Iterator[None]:
        """Write ``head`` and, indented below it, what is written meanwhile; ``pass`` if that is nothing."""
        self.put(head)
        names, tasks, groups, scopes = list(self.names), list(self.tasks), list(self.groups), list(self.scopes)
        self.depth += 1
        self.times *= times
        begins = len(self.lines)
        yield
        if len(self.lines) == begins:
            self.put("pass")
        self.times //= times
        self.depth -= 1
        self.names, self.tasks, self.groups, self.scopes = names, tasks, groups, scopes

    def fresh(self, base: str, known: list[str]) -> str:
        """A name that this procedure has not used yet; it is known from now on."""
        self.births[base] = number = self.births.get(base, 0) + 1
        name = base if number == 1 else f"{base}{number}"
        known.append(name)
        return name

    def local(self) -> str:
        """A local to assign to: a new one, or one that is there. Never ``a``, which is fuel."""
        known = [name for name in self.names if name != "a"]
        if known and self.chance.maybe(2):
            return self.chance.pick(*known)
        return self.fresh("x", [])

    def bind(self, name: str) -> None:
        """A local has a value now."""
        if name not in self.names:
            self.names.append(name)

    # -- expressions -----------------------------------------------------------------------------------------------

    def value(self) -> str:
        """An expression that does not rest."""
        known = [*self.names, *map("self.{}".format, self.room.numbers)]
        if not known or self.chance.number(4) < 2:
            return str(self.chance.number(3))
        return self.chance.pick(*known)

    def expression(self) -> str:
        """An expression; now and then one that rests."""
        which = self.chance.number(9)
        if which < 6:
            return self.value()
        if which < 8:
            return f"{self.value()} + {self.value()}"
        call = self.call()
        return self.value() if call is None else call if which == 8 else f"{self.value()} + {call}"

    def test(self) -> str:
        """A condition."""
        call = self.call() if self.chance.maybe(5) else None
        known = [*map("self.{}".format, self.room.numbers), *self.names]
        return f"{call or self.chance.pick(*known)} {self.chance.pick('<', '>', '==')} {self.chance.number(3)}"

    # -- calls -----------------------------------------------------------------------------------------------------

    def reachable(self, forked: bool) -> list[tuple[str, Callee]]:
        """The procedures that may be called (or forked) here, with the text that leads to each."""
        own = [(f"self.{one.name}", one) for one in self.room.callees]
        far = [
            (f"self.{name}.{one.name}", one)
            for name, room in self.room.below.items()
            for one in room.callees
            if one.kind != "internal"
        ]
        back = [
            (f"self.{name}.{coming}", Callee(coming, "entry", 15, True))
            for name, room in self.room.up.items()
            for coming in room.coming
        ]
        back += [(f"self.{coming}", Callee(coming, "entry", 15, True)) for coming in self.room.coming]
        most = MOST_COST - self.cost
        inside = self.times > 1 and not forked
        return [
            (text, one)
            for text, one in [*far, *own, *back]
            if one.cost * self.times <= most and not (one.deep and inside)
        ]

    def target(self, forked: bool = False) -> tuple[str, str] | None:
        """A procedure and its argument, as text; None if there is nobody to call."""
        options = self.reachable(forked)
        if not self.fueled:
            options = [(text, one) for text, one in options if not one.deep]
        if not options:
            return None
        text, callee = self.chance.pick(*options)
        self.cost += callee.cost * self.times
        self.deep = self.deep or callee.deep
        return text, self.fuel() if callee.deep else self.value()

    def fuel(self) -> str:
        """What is handed to a procedure that may come back: less than was given, of which `main` has some to give."""
        return "a - 1" if self.kind != "main" else str(1 + self.chance.number(FUEL - 1))

    def call(self) -> str | None:
        """An awaited call, as text."""
        target = self.target()
        return None if target is None else f"await {target[0]}({target[1]})"
