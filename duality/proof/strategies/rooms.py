"""What a drawn application is made of while it is being written: its modules, and the procedures one can call.

Rule: a procedure that may come back to itself (``deep``) is called with less fuel than its caller has, and only while
there is some; so every drawn program ends. ``cost`` bounds how long that takes.
"""

import re

from attrs import define, field, frozen


@frozen
class Callee:
    """A procedure that takes one number and gives one.

    kind: ``entry``, ``procedure`` or ``internal``.   cost: about how many statements a call runs.   deep: whether it
    may come back to itself, so that its argument is how often it still may.
    """

    name: str
    kind: str
    cost: int = 3
    deep: bool = False


@define
class Room:
    """A module's class. ``fields``: lines by name, emitted if the class uses them.   below: fields that lead to modules
    written before, with their classes; up: those that lead to modules written later, set by the application.

    conditions, numbers: names of fields.   coming: procedures that are not written yet.   texts: of those that are, by
    name; invariants: what must hold, likewise.   pairs: procedures that belong around something else.   servers:
    procedures that others need to be running.
    """

    name: str
    words: str = ""
    fields: dict[str, str] = field(factory=dict)
    below: dict[str, "Room"] = field(factory=dict)
    up: dict[str, "Room"] = field(factory=dict)
    conditions: list[str] = field(factory=list)
    numbers: list[str] = field(factory=list)
    callees: list[Callee] = field(factory=list)
    coming: list[str] = field(factory=list)
    generators: list[str] = field(factory=list)
    texts: dict[str, str] = field(factory=dict)
    invariants: dict[str, str] = field(factory=dict)
    pairs: list[tuple[str, str]] = field(factory=list)
    servers: list[str] = field(factory=list)

    @property
    def variable(self) -> str:
        """What the application calls the instance, and others the field that leads to it."""
        return self.name.lower()

    @property
    def text(self) -> str:
        """All invariants and procedures."""
        return "\n".join([*self.invariants.values(), *self.texts.values()])

    def uses(self, name: str) -> bool:
        """Whether a procedure or an invariant speaks of the field ``name``."""
        return re.search(rf"\bself\.{name}\b", self.text) is not None
