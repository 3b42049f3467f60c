"""Write a whole application: modules, the channels between them, a `main` that starts tasks, and the wiring.

Rule: what is drawn here is the plan and the order of things; the statements are drawn in ``blocks.py``.
"""

from duality.proof.strategies.blocks import Statements
from duality.proof.strategies.chance import Chance
from duality.proof.strategies.devices import device
from duality.proof.strategies.monitors import monitor
from duality.proof.strategies.page import page, reached
from duality.proof.strategies.promises import promises
from duality.proof.strategies.rooms import Callee, Room

NAMES = ("Desk", "Shelf", "Vault", "Bell")
ENTRIES = ("visit", "fetch", "settle")
MOST_N = 2  # what the parameter of a drawn application is at most


class Writer:
    """Draws the parts of one application."""

    def __init__(self, chance: Chance, max_modules: int, max_tasks: int, io: bool) -> None:
        self.chance = chance
        self.io = io
        self.max_tasks = max_tasks
        self.used: list[str] = []
        self.rooms = self.planned(max_modules)

    def taken(self, name: str) -> str:
        """A class name that is not taken yet, and now is."""
        self.used.append(name)
        count = self.used.count(name)
        return name if count == 1 else f"{name}{count}"

    def planned(self, most: int) -> list[Room]:
        """The modules, their channels, and what procedures they will have."""
        rooms: list[Room] = []
        for _ in self.chance.some(most):
            self.chance.part(lambda: rooms.append(self.room(rooms)))
        for number, room in enumerate(rooms):
            later = [one for one in rooms[number + 1 :] if one.coming]
            if later and room.coming and self.chance.number(3):
                one = self.chance.pick(*later)
                room.up = {one.variable: one}
        return rooms

    def room(self, before: list[Room]) -> Room:
        """One module: a device, a monitor that everybody knows, or one to be written."""
        if self.chance.maybe(2):
            make = device if self.io and self.chance.maybe(3) else monitor
            return make(self.chance, self.taken)
        room = Room(self.taken(self.chance.pick(*NAMES)), "State that several tasks come to.")
        room.coming = list(ENTRIES[: 1 + self.chance.number(2)])
        room.conditions = ["changed", "other"][: self.chance.number(2)]
        room.numbers = ["n"]
        room.below = {one.variable: one for one in before if self.chance.number(2)}
        promises(self.chance, room, 3)
        return room

    def text(self) -> str:
        """The whole program."""
        for room in self.rooms:
            self.procedures(room)
        main = self.main()
        self.rooms = reached([*self.rooms, main])[:-1]
        return page([*self.rooms, main], self.wiring(main))

    def procedures(self, room: Room) -> None:
        """Write those that the plan says."""
        if self.chance.maybe(4) and room.coming:
            self.generator(room)
        for name in list(room.coming):
            self.chance.part(lambda name=name: self.procedure(room, name))  # type: ignore[misc]

    def procedure(self, room: Room, name: str) -> None:
        """Write one."""
        kind = self.chance.pick("entry", "entry", "entry", "procedure", "internal")
        body = Statements(self.chance, room, kind, 10)
        if self.chance.maybe(2):
            self.chance.pick(body.wait, body.signal)()
        body.write(8, 2)
        body.put(f"return {body.value()}")
        mark = "" if kind == "internal" else f"@{kind}\n"
        room.texts[name] = "\n".join([f"{mark}async def {name}(self, a):", *body.lines, ""])
        room.coming.remove(name)
        room.callees.append(Callee(name, kind, body.cost, body.deep))

    def generator(self, room: Room) -> None:
        """Values one after the other, with rests between them.

        No block is open at a `yield`: when the end of one that is dropped comes, nobody promises.
        """
        body = Statements(self.chance, room, "generator", 3)
        with body.block("for i in range(2):", 2):
            body.names.append("i")
            body.write(2, 0)
            body.put(f"yield {body.value()}")
        room.texts["values"] = "\n".join(["async def values(self, a):", *body.lines, ""])
        room.generators.append("values")

    def main(self) -> Room:
        """The root: helpers of its own, and the first task."""
        main = Room("Main", "Starts the tasks, and tells what came of them.", {"n": "n: int"})
        main.below = {room.variable: room for room in self.rooms}
        main.numbers = ["n"]
        main.coming = ["work"] if self.chance.maybe(2) or not self.rooms else []
        promises(self.chance, main, 8)
        self.procedures(main)
        body = Statements(self.chance, main, "main", 20)
        body.names, body.fueled = [], True
        for room in self.rooms:
            self.opening(body, room)
        for _ in self.chance.some(self.max_tasks):
            self.chance.part(self.chance.pick(body.fork, body.fork, body.fork, body.send))
        body.write(10, 3)
        for task in body.tasks:
            self.ending(body, task)
        body.put(f"return {', '.join(['self.n', *body.names, 'self.log'])}")
        main.texts["main"] = "\n".join(["@procedure", "async def main(self):", *body.lines, ""])
        return main

    def opening(self, body: Statements, room: Room) -> None:
        """Start what serves others, mostly, before anybody asks it."""
        for server in room.servers:
            if self.chance.number(3):
                name = body.fresh("t", body.tasks)
                body.put(f"{name} = fork(self.{room.variable}.{server}, {1 + self.chance.number(1)})")
                if self.chance.number(2):
                    body.put("await yield_now()")

    def ending(self, body: Statements, task: str) -> None:
        """What becomes of a task that `main` has started: mostly it is joined."""
        way = 5 - self.chance.number(5)
        if way == 4:
            body.put(f"{task}.cancel()")
        if way in (0, 1, 4):
            body.put("try:")
            body.put(f"    self.log.append(await join({task}))")
            body.put(f"except {'Cancelled' if way == 4 else 'Exception'} as error:")
            body.put("    self.log.append(type(error).__name__)")
        elif way in (2, 3):
            body.put(f"self.log.append(await join({task}))")

    def wiring(self, main: Room) -> str:
        """The application."""
        lines = [f"{one.variable} = {one.name}({', '.join(filter(one.uses, one.below))})" for one in self.rooms]
        lines += [f"{one.variable}.{name} = {name}" for one in self.rooms for name in one.up if one.uses(name)]
        lines.append(f"return Main({', '.join([*filter(main.uses, main.below), 'n'])})")
        head = ["@application", "def drawn(n: int = 1):", f'    """n: what `main` counts from, 0 to {MOST_N}."""']
        return "\n".join([*head, *(f"    {line}" for line in lines), ""])
