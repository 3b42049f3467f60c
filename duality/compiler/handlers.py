"""The handlers of one procedure: where each starts, what it is called, what its record holds.

Rule: a place is resumed by one handler, however many ways lead to it; names follow what is awaited there.
"""

import ast
import keyword
from functools import cached_property

from attrs import define

from duality.compiler.graph_of_source import of_spec
from duality.compiler.lines import Line
from duality.compiler.lowered import Lowered
from duality.compiler.tree import Block, Rest
from duality.graph import BlockingGraph, Node


@define(eq=False)
class Handler:
    """One handler: where it starts, the rest it is resumed from (None for the beginning and for jumps)."""

    name: str
    block: Block
    position: int
    rest: Rest | None
    lines: list[Line]

    @property
    def node(self) -> Node | None:
        """The blocking point it is resumed from."""
        return self.rest.node if self.rest is not None else None

    @property
    def target(self) -> str | None:
        """The variable that takes the rest's value."""
        return self.rest.target if self.rest is not None else None


class Handlers:
    """``all`` has them in order of discovery, the one that begins the procedure first."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.all = [Handler(_stem(lowered.procedure.name), lowered.body, 0, None, [])]
        self._by_place: dict[tuple[int, int, bool], Handler] = {}

    def forget(self) -> None:
        """Back to the first one: its text is written anew."""
        del self.all[1:]
        self._by_place.clear()

    def after(self, block: Block, place: int, rest: Rest) -> Handler:
        """The handler that goes on after ``rest``, which stands before ``place``."""
        return self._at(f"after_{_word(rest)}", block, place, rest)

    def at(self, word: str, block: Block, place: int) -> Handler:
        """The handler that is jumped to at ``place``."""
        return self._at(word, block, place, None)

    def _at(self, word: str, block: Block, place: int, rest: Rest | None) -> Handler:
        key = (id(block), place, rest is not None)
        if key not in self._by_place:
            taken = {handler.name for handler in self.all} | self.lowered.taken
            stem = f"{self.all[0].name}_{word}"
            name, number = stem, 2
            while name in taken:
                name, number = f"{stem}_{number}", number + 1
            self._by_place[key] = Handler(name, block, place, rest, [])
            self.all.append(self._by_place[key])
        return self._by_place[key]

    def alive(self, handler: Handler) -> list[str]:
        """The variables that the record holds when ``handler`` is what it will be resumed by, in order."""
        alive = self.lowered.live.before[id(handler.block), handler.position]
        if handler.rest is not None:
            alive = (alive - {handler.target}) | self.lowered.live.errors[id(handler.rest)]
        return [name for name in self.lowered.order if name in alive]

    def doubtful(self, handler: Handler, alive: list[str]) -> list[str]:
        """Which of the living may be unbound where the handler starts."""
        block, position = handler.block, handler.position
        if handler.rest is not None:  # before the rest, for a failed one binds nothing
            position -= 1
        bound = self.lowered.bound.before.get((id(block), position), frozenset())
        return [name for name in alive if name not in bound]

    def headline(self, handler: Handler) -> list[str]:
        """Comments for a handler: where it is resumed from, with what, and the edges that its code walks."""
        procedure = self.lowered.procedure
        if handler is self.all[0]:
            if procedure.generates:
                return [f"# {procedure.qualname}: makes a generator, of which nothing runs yet"]
            return [f"# {procedure.qualname}, begun by a message", *self._edges(self.lowered.points.enter)]
        held = ", ".join(self.alive(handler)) or "nothing"
        if handler.node is None and handler is self.all[1] and procedure.generates:
            asked = f"# {procedure.qualname}, begun by whoever asks for its first value; the record holds {held}"
            return [asked, *self._edges(None)]
        if handler.node is None:
            return [f"# {procedure.qualname}, gone to from its other handlers; the record holds {held}"]
        where = f"line {handler.node.line}: {procedure.line(handler.node.line).strip()}"
        head = [f"# {procedure.qualname}, resumed at {where}", f"# alive across the rest: {held}"]
        return [*head, *self._edges(handler.node)]

    def _edges(self, node: Node | None) -> list[str]:
        source = node or self.lowered.points.begin
        after = sorted(edge.target for edge in self._graph.edges if edge.source == source)
        names = [one.name if one.kind == "end" else f"{one.name} (line {one.line})" for one in after]
        return [f"# goes on to: {', '.join(names)}"] if names else []

    @cached_property
    def _graph(self) -> BlockingGraph:
        return of_spec(self.lowered.procedure, self.lowered.points)


def _stem(name: str) -> str:
    """What the handlers of a procedure are called after: its name without the underscores that would mangle theirs."""
    bare = name.lstrip("_")
    return bare if bare.isidentifier() and not keyword.iskeyword(bare) else f"p{name}"


def _word(one: Rest) -> str:
    """The word that names a rest in a handler's name: the procedure called, or the verb."""
    if one.node.kind == "produce":
        return "yield"
    verb = one.node.label.partition(" ")[0]  # of `async for` and `async with`: next, enter, exit
    if one.node.kind == "call" and verb in ("next", "enter", "exit") and verb != one.node.label:
        return verb
    word = one.node.label.rpartition(".")[2] if one.node.kind == "call" else _called(one.call.func)
    return word.strip("_") if word.isidentifier() and word.strip("_") else one.node.kind


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
