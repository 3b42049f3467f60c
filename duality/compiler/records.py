"""What a handler writes into its record before a rest, and reads from it after.

    before   ... rest ...                       the variables alive across it: self, item
    after    Record(task, put_after_wait, (self, item))          |      (self, item) = f.alive

Rule: exactly the living are kept, in the order of the procedure's variables. One that may be unbound is kept as UNBOUND
and unbound again. The first handler makes a record when something has come to rest, and not before; the others have it.
"""

import ast

from duality.compiler.handlers import Handler, Handlers
from duality.compiler.lines import Line
from duality.compiler.lowered import Lowered


class Records:
    """Writes the lines that deal with records. ``made``: whether the handler that is being written has one already."""

    def __init__(self, lowered: Lowered, handlers: Handlers) -> None:
        self.lowered = lowered
        self.names = lowered.names
        self.handlers = handlers
        self.made = False

    def parameter(self, handler: Handler) -> str:
        """The parameter that brings the result: the spec's own variable, unless its old value may still be needed."""
        target, alive = handler.target, self.handlers.alive(handler)
        if target is None or target in alive or target not in self.lowered.order:  # ... or it is a global
            return self.names["value"]
        return target

    def load(self, handler: Handler) -> list[Line]:
        """Unpack the record, at the head of a handler."""
        alive = self.handlers.alive(handler)
        if not alive:
            return []
        lines = [Line(0, f"{_tuple(alive)} = {self.names['f']}.alive", None)]
        for name in self.handlers.doubtful(handler, alive):
            lines += [Line(0, f"if {name} is {self.names['UNBOUND']}:", None), Line(1, f"del {name}", None)]
        return lines

    def save(self, handler: Handler, origin: int | None) -> list[Line]:
        """Write down that ``handler`` goes on, and with what."""
        alive = self.handlers.alive(handler)
        doubtful = {name: self._held(name) for name in self.handlers.doubtful(handler, alive)}
        lines = []
        for name, held in doubtful.items():  # the variable itself stays unbound, for what else the handler does
            lines += [
                Line(0, "try:", None),
                Line(1, f"{held} = {name}", None),
                Line(0, "except UnboundLocalError:", None),
                Line(1, f"{held} = {self.names['UNBOUND']}", None),
            ]
        f, values = self.names["f"], _tuple([doubtful.get(name, name) for name in alive])
        if self.made:
            return [*lines, Line(0, f"{f}.next, {f}.alive = {handler.name}, {values}", origin)]
        return [*lines, Line(0, self.make(handler.name, values), origin)]

    def _held(self, name: str) -> str:
        """What the value of ``name`` is called while it is written down, if it has one."""
        while (name := f"{name}_") in self.lowered.taken:
            pass
        return name

    def whole(self, handler: Handler) -> str:
        """A record in which ``handler`` goes on, as an expression, at the procedure's very beginning."""
        alive = self.handlers.alive(handler)
        # What may be unbound there, in a loop that is come to again, may have a value here: parameters have one.
        given = {*self.lowered.parameters, *self.lowered.cells.values()}
        return self.make(handler.name, _tuple([one if one in given else self.names["UNBOUND"] for one in alive]))

    def make(self, following: str, held: str) -> str:
        """The expression that makes a record."""
        task = self.names["task"]
        if self.lowered.procedure.generates:
            return f"{self.names['Generator']}({following}, {held})"
        if self.lowered.procedure.kind == "entry":
            return f"{self.names['Holding']}({task}, {following}, {held}, {self.lowered.parameters[0]})"
        return f"{self.names['Record']}({task}, {following}, {held})"

    def reply(self, value: ast.expr | None, line: int) -> list[Line]:
        """Return ``value`` to the caller."""
        text = ast.unparse(value) if value is not None else "None"
        if self.made:
            return [Line(0, f"return {self.names['f']}.reply({text})", line)]
        return [Line(0, f"return {text}", line)]


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"
