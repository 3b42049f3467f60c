"""Make the events program of a procedure: its text, and the code that runs.

    before   the handlers, line by line
    after    one text; code compiled from it, in which every line is the spec's and every message asks what it must

Rule: what ``settle`` puts into a tree is no part of the text.
"""

import ast
from typing import Any

from attrs import define, field

from duality.compiler import columns, load, senders
from duality.compiler.asked import Asked, ask, unused
from duality.compiler.counted import Spread, count, spread
from duality.compiler.lines import Line, Span
from duality.compiler.linetable import NOWHERE
from duality.compiler.lowered import RUNTIME_FUNCTIONS, Lowered, lower
from duality.compiler.made import Made
from duality.compiler.names import Words, words
from duality.compiler.read import Procedure
from duality.compiler.rip import Ripper
from duality.compiler.scopes import first_line
from duality.compiler.successors import asking, messages
from duality.graph import Node


def events_of(procedure: Procedure) -> Made:
    """The events program of ``procedure``."""
    lowered = lower(procedure)
    ripped = Ripper(lowered)
    lines = _lines(ripped)
    text = "\n".join(map(str, lines)) + "\n"
    handlers = tuple(handler.name for handler in ripped.handlers.all)
    found = words(procedure)
    provided = {
        actual: base for base, actual in lowered.names.items() if base[0].isupper() or base in RUNTIME_FUNCTIONS
    }
    settling = _Settling(lowered, lines, handlers, found, provided)
    free = {*handlers, *provided, *found.free, *procedure.function.__code__.co_freevars}
    flags = load.future(procedure.function)
    codes = load.compile_functions(
        text, free, procedure.owner, procedure.file, settling.settle, flags, procedure.generates
    )
    nodes = {handler.name: handler.node for handler in ripped.handlers.all[1:]}
    nodes[handlers[0]] = lowered.points.begin
    return Made(
        side="events", text=text, origin=[line.origin for line in lines], points=lowered.points, nodes=nodes,
        alive=_alive(ripped), calls=_calls(text, settling.spans, nodes), provided=provided, handlers=handlers,
        words=found, codes=codes, asked=settling.asked,
    )  # fmt: skip


def _lines(ripped: Ripper) -> list[Line]:
    """The handlers, each under its headline, two empty lines apart."""
    lines: list[Line] = []
    for handler in ripped.handlers.all:
        if lines:
            lines += [Line(0, "", None), Line(0, "", None)]
        lines += [Line(0, text, None) for text in ripped.handlers.headline(handler)] + handler.lines
    return lines


@define(eq=False)
class _Settling:
    """Gives each handler the spec's lines, and whatever is no part of the text. ``asked``: the names it uses for that.

    ``spans``: by line of the text, where in the spec the call stands that is made there; ``passes``: see ``Line``.
    ``begins``: the first line of the body; what the text has from before it is the making of cells, and no line.
    """

    lowered: Lowered
    lines: list[Line]
    handlers: tuple[str, ...]
    found: Words
    provided: dict[str, str]
    asked: Asked = field(factory=dict)
    spans: dict[int, Span] = field(init=False)
    passes: dict[int, tuple[int, ...]] = field(init=False)
    spread: Spread = field(init=False)
    begins: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.spans = {number: line.span for number, line in enumerate(self.lines, start=1) if line.span is not None}
        self.passes = {number: line.passes for number, line in enumerate(self.lines, start=1) if line.passes}
        self.spread = spread(self.lowered.procedure.tree)
        self.begins = first_line(self.lowered.procedure.tree.body[0])

    def settle(self, function: ast.FunctionDef) -> Asked:
        """See ``load.compile_functions``."""
        procedure, names, taken = self.lowered.procedure, self.lowered.names, self.lowered.taken
        made_up = (name for name in self.lowered.temporaries if name.startswith(("enter_", "exit_")))
        known = {*self.found.free, *self.provided, *made_up}
        calls = _calling(function, self.spans)
        count(function, self._origin, procedure.first_line, self.spread, self.passes)
        sent = list(senders.messages(function, names["task"], names["f"]))
        ask(procedure, sent, known, taken | set(self.handlers), self.asked)
        senders.correct(function, {id(call) for call in sent}, unused("uncount_", None, taken, self.asked))
        columns.put(function, {})
        columns.stand(calls)
        _emptied(function, names["f"])
        return self.asked

    def _origin(self, number: int) -> int | None:
        """The spec's line for a line of the text."""
        if self.lines[number - 1].quiet:
            return NOWHERE
        line = self.lines[number - 1].origin
        return line if line is None or line >= self.begins else None


def _emptied(function: ast.FunctionDef, record: str) -> None:
    """Have the record let go of what a handler takes out of it: from then on the handler's variables alone hold it."""
    for place, one in enumerate(function.body):
        if isinstance(one, ast.Assign) and ast.unparse(one.value) == f"{record}.alive":
            gone = ast.parse(f"{record}.alive = None").body[0]
            load.nowhere(*ast.walk(gone))
            function.body.insert(place + 1, gone)
            return


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
