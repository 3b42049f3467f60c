"""Print modules as the file that one would write.

Rule: what nobody uses is left out (procedures, fields, imports, errors), so that a program says only what it is about.
"""

import re

from duality.proof.strategies.rooms import Room

IMPORTS = (
    "Cancelled", "Condition", "DeadlockError", "application", "entry", "fail_after", "fork", "invariant", "join",
    "module", "move_on_after", "procedure", "reply", "scope", "send", "sleep", "yield_now", "disk", "net",
)  # fmt: skip
ERRORS = {
    "Oops": 'class Oops(Exception):\n    """What a procedure fails with."""\n',
    "Worse": 'class Worse(Exception):\n    """What it fails with for another reason."""\n',
}
OPTIONAL = {
    "n": "n: int = 0",
    "low": "low: int = 0",
    "high": "high: int = 0",
    "log": "log: list = field(factory=list)",
    "job": "job: object = None",
}


def page(rooms: list[Room], wiring: str) -> str:
    """The whole file: imports, errors, classes, and the application, whose text is ``wiring``."""
    body = "\n\n".join([*map(shown, rooms), wiring])
    errors = [text for name, text in ERRORS.items() if re.search(rf"\b{name}\(|\b{name} as|\b{name},", body)]
    return "\n\n".join([imports("\n".join([*errors, body])), *errors, body])


def reached(rooms: list[Room]) -> list[Room]:
    """The modules, and of each the procedures, that the last module's ``main`` can come to; the others are let go."""
    by_name = {room.name: room for room in rooms}
    waiting, seen = [(rooms[-1], "main")], {(rooms[-1].name, "main")}
    while waiting:
        room, name = waiting.pop()
        text = room.texts[name]
        channels = {f"self.{one}": other for one, other in [*room.below.items(), *room.up.items()]}
        channels |= {one: by_name[cls] for one, cls in re.findall(r"(\w+) = ([A-Z]\w*)\(\)", text)}
        for who, what in re.findall(r"\b(self\.\w+|self|own\d*)\.(\w+)\b", text):
            other = channels.get(who, room)
            if what in other.texts and (other.name, what) not in seen:
                seen.add((other.name, what))
                waiting.append((other, what))
    for room in rooms:
        room.texts = {name: text for name, text in room.texts.items() if (room.name, name) in seen}
    return [room for room in rooms if room.texts]


def shown(room: Room) -> str:
    """The class of a module, with the fields that it uses."""
    fields = {name: f"{name}: {one.name}" for name, one in room.below.items()} | room.fields
    fields |= {one: f"{one}: Condition = field(factory=Condition)" for one in room.conditions}
    fields |= {name: f'{name}: "{one.name} | None" = None' for name, one in room.up.items()}
    fields |= {name: line for name, line in OPTIONAL.items() if name not in fields}
    used = [line for name, line in fields.items() if room.uses(name) or name in room.fields]
    head = ["@module", f"class {room.name}:", f'    """{room.words}"""', ""]
    body = [*used, "", *room.text.rstrip().splitlines()] if used else room.text.rstrip().splitlines()
    return "\n".join([*head, *(f"    {line}" if line else "" for line in body), ""])


def imports(body: str) -> str:
    """The imports that a program needs."""
    names = [name for name in IMPORTS if re.search(rf"(?<![.\w]){name}\b", body)]
    lines = ["from attrs import field", ""] if "field(" in body else []
    line = f"from duality import {', '.join(names)}"
    if len(line) > 100:
        line = "from duality import (\n    " + ",\n    ".join(names) + ",\n)"
    return "\n".join([*lines, line, ""])
