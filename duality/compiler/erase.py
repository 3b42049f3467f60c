"""Erase the awaits: the threads program.

    before   async def put(self, item): ... await self.not_full.wait()     async for x in self.items(): ...
    after    def put(self, item): ...       self.not_full.wait()           for x in each(self.items()): ...

Rule: nothing else changes here, not even a line number; ``insert.py`` adds the lines that drop what is dead. The text
no longer says which calls may block; a table of positions beside it does, for whoever reads the graph.
Source: von Behren et al. 2003, section 3 (threads hide the stack ripping).
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, MappingProxyType

from attrs import field, frozen

from duality.compiler.points import Points, is_scope
from duality.compiler.read import Procedure
from duality.core.positions import Position
from duality.graph import Node


def erase(procedure: Procedure, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text of the procedure, its decorators included, without ``await`` and ``async``.

    names: what `each` and `hold` are called here, where not by these names.
    """
    start = first_line(procedure)
    lines = [line.encode() for line in procedure.lines[start - 1 : procedure.tree.end_lineno]]
    for line, column, word, put in sorted(_edits(procedure, names), reverse=True):
        text = lines[line - start]
        kept = re.sub(rb"^%s[ \t]*" % word.encode(), b"", text[column:]) if word else text[column:]
        lines[line - start] = text[:column] + put.encode() + kept
    return _dedent([line.decode() for line in lines], {number - start for number in _in_strings(procedure.tree)})


def first_line(procedure: Procedure) -> int:
    """The line of the spec where the text begins: that of the first decorator, if there is one."""
    return min([procedure.tree.lineno, *(mark.lineno for mark in procedure.tree.decorator_list)])


_Edit = tuple[int, int, str, str]  # line, column, the word that goes there, what comes in its place


def _edits(procedure: Procedure, names: Mapping[str, str]) -> Iterator[_Edit]:
    tree = procedure.tree
    yield tree.lineno, tree.col_offset, "async", ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Await):
            yield node.lineno, node.col_offset, "await", ""
        elif isinstance(node, ast.AsyncWith | ast.AsyncFor):
            yield node.lineno, node.col_offset, "async", ""
        elif isinstance(node, ast.comprehension) and node.is_async:
            yield *_word_before(procedure, node.target), "async", ""
        for word, wrapped in _wrapped(procedure, node):
            name, inner = names.get(word, word), isinstance(wrapped, ast.Tuple | ast.Yield)
            yield wrapped.lineno, wrapped.col_offset, "", f"{name}({'(' * inner}"
            yield wrapped.end_lineno or 0, wrapped.end_col_offset or 0, "", f"){')' * inner}"


def _wrapped(procedure: Procedure, node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What is gone through, or entered, by a procedure of the spec: Python's plain statements ask for plain methods."""
    if isinstance(node, ast.AsyncFor) or (isinstance(node, ast.comprehension) and node.is_async):
        yield "each", node.iter
    if isinstance(node, ast.AsyncWith):
        yield from (("hold", item.context_expr) for item in node.items if not is_scope(procedure, item))


def _word_before(procedure: Procedure, target: ast.expr) -> tuple[int, int]:
    """Where the `async` of a comprehension stands: it is no node, but the last one before the target."""
    line, column = target.lineno, target.col_offset
    while (place := procedure.line(line).encode()[:column].rfind(b"async")) < 0:
        line, column = line - 1, len(procedure.line(line - 1).encode())
    return line, place


def _in_strings(tree: ast.AsyncFunctionDef) -> Iterator[int]:
    """The lines that begin inside a string: their margin is part of its value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
            yield from range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)


def _dedent(lines: list[str], kept: set[int]) -> str:
    margin = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(
        line if place in kept or line[:margin].strip() else line[margin:] for place, line in enumerate(lines)
    )


def pairs(procedure: Procedure, erased: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Each node of the spec's tree, with what it is in the tree of the erased text."""
    wrapped = {id(one) for node in ast.walk(procedure.tree) for _, one in _wrapped(procedure, node)}
    waiting: list[tuple[ast.AST, ast.AST]] = [(procedure.tree, erased)]
    while waiting:
        old, new = waiting.pop()
        if id(old) in wrapped:
            assert isinstance(new, ast.Call)
            new = new.args[0]
        yield old, new
        if isinstance(old, ast.Await):
            waiting.append((old.value, new))
        else:
            waiting += zip(ast.iter_child_nodes(old), ast.iter_child_nodes(new), strict=True)


@frozen(eq=False)
class Standing:
    """Where in the threads text each blocking point stands. ``calls``: by the span of the call.

    ``turns``, ``enters``, ``exits``: those of `each` and `hold`, by every span that CPython may give them.
    """

    calls: dict[Position, Node] = field(factory=dict)
    turns: dict[Position, Node] = field(factory=dict)
    enters: dict[Position, Node] = field(factory=dict)
    exits: dict[Position, Node] = field(factory=dict)

    @property
    def positions(self) -> Iterator[Position]:
        """Every position of all four."""
        for table in (self.calls, self.turns, self.enters, self.exits):
            yield from table

    def at(self, role: str, place: Position) -> Node | None:
        """The point at ``place``; ``role`` names the table. None if there is none.

        A turn that stands nowhere in the table is that of the innermost loop around: CPython 3.11 gives the turns of a
        comprehension the place of the condition that it has looked at last.
        """
        table: dict[Position, Node] = getattr(self, role)
        if role == "turns" and place not in table:
            around = [span for span in table if span[:2] <= place[:2] and place[2:] <= span[2:]]
            return table[max(around, key=lambda span: (span[:2], -span[2], -span[3]))] if around else None
        return table.get(place)

    def moved(self, to: Callable[[Position], Position]) -> "Standing":
        """The same, with every position moved."""
        tables = (self.calls, self.turns, self.enters, self.exits)
        return Standing(*({to(place): node for place, node in table.items()} for table in tables))


def standing(procedure: Procedure, points: Points, erased: ast.AST) -> Standing:
    """Where in an ``erased`` tree each blocking point stands."""
    found = Standing()
    for old, new in pairs(procedure, erased):
        node = points.of.get(id(old))
        if node is None:
            continue
        if isinstance(new, ast.For):
            found.turns.update(dict.fromkeys([_span(new.iter), _span(new)], node))
        elif isinstance(new, ast.ListComp | ast.SetComp | ast.DictComp):
            asked = [one for one, spec in zip(new.generators, old.generators, strict=True) if spec.is_async]  # type: ignore[attr-defined]
            found.turns.update(dict.fromkeys([*(_span(one.iter) for one in asked), _span(new)], node))
        elif isinstance(new, ast.With) and id(old) in points.entered:
            for item, spec in zip(new.items, old.items, strict=True):  # type: ignore[attr-defined]
                scope = is_scope(procedure, spec)
                places = [_span(item.context_expr), _span(new)]
                found.enters.update({} if scope else dict.fromkeys(places, points.entered[id(old)]))
                (found.calls if scope else found.exits).update(dict.fromkeys(places, node))
        else:
            found.calls.update(dict.fromkeys(spans(new) if isinstance(new, ast.With) else [_span(new)], node))
    return found


def position(node: ast.AST) -> Position:
    """The span that names a blocking point: that of its call; of a ``with``, that of its manager's expression."""
    if isinstance(node, ast.With | ast.AsyncWith):
        node = node.items[0].context_expr
    if isinstance(node, ast.Await):
        node = node.value
    return _span(node)


def spans(node: ast.AST) -> list[Position]:
    """Every span that CPython may give to code standing at a blocking point.

    A coroutine parked in an ``await`` stands at the whole of it; one that makes the call, at the call. The exit of a
    ``with`` stands at its manager's expression since CPython 3.13, at the whole statement before.
    """
    return [position(node), _span(node)]


def _span(node: ast.AST) -> Position:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0  # type: ignore[attr-defined]


def with_comprehensions(code: CodeType) -> Iterator[CodeType]:
    """The code of a procedure, and that of its comprehensions, which had frames of their own before CPython 3.12."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_name in ("<listcomp>", "<setcomp>", "<dictcomp>"):
            yield from with_comprehensions(inner)
