"""Erase the awaits: the threads program.

    before   async def put(self, item): ... await self.not_full.wait()
    after    def put(self, item): ...       self.not_full.wait()

Rule: nothing else changes, not even a line number. The text no longer says which calls may block; the table of
positions beside it does, for whoever reads the graph.
Source: von Behren et al. 2003, section 3 (threads hide the stack ripping).
"""

import ast
import re
from collections.abc import Iterator

from duality.compiler.points import Points
from duality.compiler.read import Procedure
from duality.graph import Node

Position = tuple[int, int, int, int]  # line, column, end line, end column, as AST nodes have them (columns in bytes)


def erase(procedure: Procedure) -> str:
    """The text of the procedure, its decorators included, without ``await`` and ``async``."""
    start = min([procedure.tree.lineno, *(mark.lineno for mark in procedure.tree.decorator_list)])
    lines = [line.encode() for line in procedure.lines[start - 1 : procedure.tree.end_lineno]]
    for line, column, word in sorted(_words(procedure.tree), reverse=True):
        text = lines[line - start]
        lines[line - start] = text[:column] + re.sub(rb"^%s[ \t]*" % word.encode(), b"", text[column:])
    return _dedent([line.decode() for line in lines], {number - start for number in _in_strings(procedure.tree)})


def _words(tree: ast.AsyncFunctionDef) -> list[tuple[int, int, str]]:
    found = [(tree.lineno, tree.col_offset, "async")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Await):
            found.append((node.lineno, node.col_offset, "await"))
        elif isinstance(node, ast.AsyncWith):
            found.append((node.lineno, node.col_offset, "async"))
    return found


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


def positions(procedure: Procedure, points: Points, text: str) -> dict[Position, Node]:
    """Where in ``text`` (lines from 1) each blocking point stands: calls by their span, ``with`` by its first word."""
    erased = ast.parse(text).body[0]
    table: dict[Position, Node] = {}

    def pair(old: ast.AST, new: ast.AST) -> None:
        if isinstance(old, ast.Await):
            table[position(new)] = points.of[id(old)]
            pair(old.value, new)
            return
        if isinstance(old, ast.AsyncWith):
            table.update(dict.fromkeys(spans(new), points.of[id(old)]))
        for one, other in zip(ast.iter_child_nodes(old), ast.iter_child_nodes(new), strict=True):
            pair(one, other)

    pair(procedure.tree, erased)
    return table


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
