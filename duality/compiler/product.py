"""The product of a compilation: one procedure's text for one side, and how to make it run."""

import ast
import types
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from duality.compiler import load
from duality.compiler.erase import Position, erase, positions
from duality.compiler.lines import Line, Span
from duality.compiler.lowered import lower
from duality.compiler.names import Names, names
from duality.compiler.points import Points, points
from duality.compiler.read import Procedure, read
from duality.compiler.refuse import refuse
from duality.compiler.rip import Ripper
from duality.compiler.successors import messages
from duality.graph import Node

Lookup = Callable[[str, Any], Any]


@frozen(eq=False)
class Product:
    """What the compiler made of one procedure.

    ``text``: the generated program; ``origin``: the spec's line for each of its lines (None: no line of the spec).
    ``alive``: the variables that live across each rest, in the order of the record (events only). ``nodes`` names the
    blocking points of the text: by handler name (events; None for a handler that is only jumped to) or by position.
    ``calls``: the point that the answer to each call goes on from, by where the call stands in the spec (events only).
    """

    procedure: Procedure
    side: str
    text: str
    origin: list[int | None]
    points: Points
    nodes: dict[Any, Node | None]
    alive: dict[Node, tuple[str, ...]] = field(factory=dict)
    calls: dict[Span, Node] = field(factory=dict)
    provided: dict[str, str] = field(factory=dict)
    handlers: tuple[str, ...] = ()
    names: Names = field(factory=lambda: Names({}, {}, ()))
    codes: load.Codes = field(factory=dict)

    @property
    def qualname(self) -> str:
        """``Buffer.put``."""
        return self.procedure.qualname

    @property
    def name(self) -> str:
        """``put``."""
        return self.procedure.name

    @property
    def file(self) -> str:
        """The spec's file."""
        return self.procedure.file

    @property
    def first_line(self) -> int:
        """The line of its ``async def``."""
        return self.procedure.first_line

    @property
    def spec(self) -> str:
        """The spec's own text of the procedure."""
        return self.procedure.text

    def bind(self, provide: Lookup) -> types.FunctionType:
        """The procedure as a function for one runtime; gives the first handler, or the erased procedure.

        provide: called as ``provide("runtime"|"verb"|"facade", name)``, and as ``provide("helper", function)``, which
        gives a cell: helpers may call one another. Each handler function carries its ``node``.
        """
        original = self.procedure.function
        cells = load.cells_of(original)
        for kind, table in (("runtime", self.provided), ("verb", self.names.verbs)):
            for name, meaning in table.items():
                cells[name] = types.CellType(provide(kind, meaning))
        for name in self.names.facades:
            cells[name] = types.CellType(provide("facade", name))
        for name, function in self.names.helpers.items():
            cells[name] = provide("helper", function)
        made = {}
        for name in self.handlers:
            # No handler goes to the first one: its name may be a helper's (its own, if it recurs).
            cells.setdefault(name, types.CellType())
        for place, name in enumerate(self.handlers):
            made[name] = load.make(self.codes[name], original, cells, place == 0)
            made[name].node = self.nodes.get(name)  # type: ignore[attr-defined]
            if name not in self.names.helpers:
                cells[name].cell_contents = made[name]
        first = made[self.handlers[0]]
        first.points = self.points  # type: ignore[attr-defined]
        first.codes = [one.__code__ for one in made.values()]  # type: ignore[attr-defined]
        return first


_products: dict[tuple[Callable[..., Any], str], Product] = {}


def compile_procedure(function: Callable[..., Any], owner: type | None, side: str) -> Product:
    """Compile one ``async def`` for a side, ``events`` or ``threads``. Raises SpecError for what is not handled."""
    key = (function, side)
    if key not in _products:
        procedure = read(function, owner)
        refuse(procedure)
        _products[key] = _MAKERS[side](procedure)
    return _products[key]


_FUNCTIONS = ("iterate", "carry")  # names of the runtime that are no classes


def _events(procedure: Procedure) -> Product:
    lowered = lower(procedure)
    ripped = Ripper(lowered)
    lines: list[Line] = []
    for handler in ripped.handlers.all:
        if lines:
            lines += [Line(0, "", None), Line(0, "", None)]
        lines += [Line(0, text, None) for text in ripped.handlers.headline(handler)] + handler.lines
    text = "\n".join(str(line) for line in lines) + "\n"
    origin = [line.origin for line in lines]
    handlers = tuple(handler.name for handler in ripped.handlers.all)
    found = names(procedure)
    provided = {actual: base for base, actual in lowered.names.items() if base[0].isupper() or base in _FUNCTIONS}
    free = {*handlers, *provided, *_free(found), *procedure.function.__code__.co_freevars}
    spans = {number: line.span for number, line in enumerate(lines, start=1) if line.span is not None}
    nearest = _nearest(origin, procedure)
    codes = load.compile_functions(text, free, procedure.owner, procedure.file, nearest, spans)
    nodes = {handler.name: handler.node for handler in ripped.handlers.all[1:]}
    nodes[handlers[0]] = lowered.points.begin
    alive = _alive(ripped)
    return Product(
        procedure, "events", text, origin, lowered.points, nodes, alive, _calls(text, spans, nodes), provided, handlers,
        found, codes,
    )  # fmt: skip


def _calls(text: str, spans: dict[int, Span], nodes: dict[Any, Node | None]) -> dict[Span, Node]:
    """Which point each call comes to, read off the text: the one that the handler named beside it is resumed from."""
    table: dict[Span, Node] = {}
    for function in ast.parse(text).body:
        assert isinstance(function, ast.FunctionDef)
        for call, name in messages(function.body):
            node = nodes[name]
            assert node is not None
            table[spans[call.lineno]] = node
    return table


def _alive(ripped: Ripper) -> dict[Node, tuple[str, ...]]:
    """What lives across each rest; where one stands in several copies (of a `finally`), across any of them."""
    living: dict[Node, set[str]] = {}
    for handler in ripped.handlers.all:
        if handler.node is not None:
            living.setdefault(handler.node, set()).update(ripped.handlers.alive(handler))
    order = ripped.lowered.order
    return {node: tuple(name for name in order if name in names) for node, names in living.items()}


def _nearest(origin: list[int | None], procedure: Procedure) -> Callable[[int], int]:
    table: list[int] = []
    last = procedure.first_line
    for line in origin:
        last = line or last
        table.append(last)
    return lambda number: table[number - 1] if 0 < number <= len(table) else last


def _threads(procedure: Procedure) -> Product:
    text = erase(procedure)
    start = min([procedure.first_line, *(mark.lineno for mark in procedure.tree.decorator_list)])
    found, where = names(procedure), points(procedure)
    free = {*_free(found), *procedure.function.__code__.co_freevars}
    codes = load.compile_functions(text, free, procedure.owner, procedure.file, lambda line: line + start - 1)
    table: dict[Position, Node] = positions(procedure, where, text)
    shifted = {(a + start - 1, b, c + start - 1, d): node for (a, b, c, d), node in table.items()}
    origin: list[int | None] = [start + number for number in range(len(text.split("\n")))]
    return Product(
        procedure, "threads", text, origin, where, dict(shifted), {}, {}, {}, (procedure.name,), found, codes
    )  # fmt: skip


def _free(found: Names) -> set[str]:
    return {*found.verbs, *found.helpers, *found.facades}


_MAKERS: dict[str, Callable[[Procedure], Product]] = {"events": _events, "threads": _threads}
