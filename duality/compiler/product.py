"""The product of a compilation: one procedure's text for one side, and how to make it run."""

import ast
import types
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from duality.compiler import columns, load, senders
from duality.compiler.asked import Asked, ask, names_used, unused
from duality.compiler.counted import count
from duality.compiler.drop import drops
from duality.compiler.erase import Standing, position
from duality.compiler.files import StandIn, dotted
from duality.compiler.insert import insert
from duality.compiler.lines import Line, Span
from duality.compiler.lowered import RUNTIME_FUNCTIONS, lower
from duality.compiler.names import Names, names
from duality.compiler.points import Points
from duality.compiler.read import Procedure, read
from duality.compiler.refuse import refuse
from duality.compiler.rip import Ripper
from duality.compiler.scopes import first_line
from duality.compiler.shown import show
from duality.compiler.successors import asking, messages
from duality.graph import Node

Lookup = Callable[[str, Any], Any]


@frozen(eq=False)
class Product:
    """What the compiler made of one procedure.

    ``text``: the generated program; ``origin``: the spec's line for each of its lines (None: no line of the spec).
    ``alive``: the variables that live across each rest, in the order of the record; among events with those that the
    compiler made up. ``nodes`` names the blocking points of the text: by handler name (events; None for a handler that
    is only jumped to) or by where a frame stands there; ``standing`` says where they stand in the text, ``stands`` where a frame does (threads only).
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
    asked: Asked = field(factory=dict)
    standing: Standing = field(factory=Standing)
    stands: Standing = field(factory=Standing)

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

        provide: called as ``provide("runtime"|"verb"|"facade"|"asked", name)``, and as ``provide("helper", function)``,
        which gives a cell: helpers may call one another. Each handler function carries its ``node``.
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
        for name, paths in self.names.files.items():
            given = {dotted(path): provide("helper", function) for path, function in paths.items()}
            cells[name] = types.CellType(StandIn(self.procedure.lookup(name), given))
        for name, asked in self.asked.items():
            cells[name] = types.CellType(senders.uncount if asked is None else provide("asked", asked))
        made = {}
        for name in self.handlers:
            # No handler goes to the first one: its name may be a helper's (its own, if it recurs).
            cells.setdefault(name, types.CellType())
        for place, name in enumerate(self.handlers):
            made[name] = load.make(self.codes[name], original, cells, place == 0)
            made[name].node = self.nodes.get(name)  # type: ignore[attr-defined]
            made[name].points = self.points  # type: ignore[attr-defined]
            if name not in self.names.helpers:
                cells[name].cell_contents = made[name]
        first = made[self.handlers[0]]
        first.generates = self.procedure.generates  # type: ignore[attr-defined]
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
    provided = {
        actual: base for base, actual in lowered.names.items() if base[0].isupper() or base in RUNTIME_FUNCTIONS
    }
    free = {*handlers, *provided, *_free(found), *procedure.function.__code__.co_freevars}
    spans = {number: line.span for number, line in enumerate(lines, start=1) if line.span is not None}
    passes = {number: line.passes for number, line in enumerate(lines, start=1) if line.passes}
    asked: Asked = {}
    known = {*_free(found), *provided, *(name for name in lowered.temporaries if name.startswith(("enter_", "exit_")))}
    begins = first_line(procedure.tree.body[0])  # what stands before it is the making of cells, and no line of the spec
    places = [line if line is None or line >= begins else None for line in origin]

    def settle(function: ast.FunctionDef) -> Asked:
        calls = _calling(function, spans)
        count(function, lambda line: places[line - 1], procedure.first_line, procedure.tree, passes)
        sent = list(senders.messages(function, lowered.names["task"], lowered.names["f"]))
        ask(procedure, sent, known, lowered.taken | set(handlers), asked)
        senders.correct(function, {id(call) for call in sent}, unused("uncount_", None, lowered.taken, asked))
        columns.put(function, {})
        columns.stand(calls)
        return asked

    flags = load.future(procedure.function)
    codes = load.compile_functions(text, free, procedure.owner, procedure.file, settle, flags, procedure.generates)
    nodes = {handler.name: handler.node for handler in ripped.handlers.all[1:]}
    nodes[handlers[0]] = lowered.points.begin
    alive = _alive(ripped)
    return Product(
        procedure, "events", text, origin, lowered.points, nodes, alive, _calls(text, spans, nodes), provided, handlers,
        found, codes, asked,
    )  # fmt: skip


def _calling(function: ast.FunctionDef, spans: dict[int, Span]) -> dict[ast.Call, Span]:
    """The calls that a handler makes, each with the place where it stands in the spec."""
    found: dict[ast.Call, Span] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node.lineno in spans and (call := asking(node)) is not None:
            found[call] = spans[node.lineno]
    return found


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


def _threads(procedure: Procedure) -> Product:
    lowered = lower(procedure)
    words = {word: lowered.names[word] for word in ("each", "hold")}
    inserted = insert(procedure, drops(lowered), lowered.points, words)
    found = names(procedure)
    places = columns.of_the_spec(procedure, lowered.points, inserted.standing)
    asked: Asked = {}

    def settle(function: ast.FunctionDef) -> Asked:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        awaited = [call for call in calls if position(call) in inserted.standing.calls]
        ask(procedure, awaited, _free(found), names_used(function), asked)
        columns.put(function, places)
        show(procedure.tree, function)
        count(function, inserted.line, procedure.first_line)
        return asked

    provided = {actual: word for word, actual in words.items()}
    free = {*provided, *_free(found), *procedure.function.__code__.co_freevars}
    flags = load.future(procedure.function)
    codes = load.compile_functions(
        inserted.text, free, procedure.owner, procedure.file, settle, flags, procedure.generates
    )
    stands = inserted.stands(places)
    return Product(
        procedure, "threads", inserted.text, inserted.origin, lowered.points, dict(stands.calls), lowered.living(),
        {}, provided, (procedure.name,), found, codes, asked, inserted.standing, stands,
    )  # fmt: skip


def _free(found: Names) -> set[str]:
    return {*found.verbs, *found.helpers, *found.facades, *found.files}


_MAKERS: dict[str, Callable[[Procedure], Product]] = {"events": _events, "threads": _threads}
