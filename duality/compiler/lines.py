"""Lines of generated text, each with its indentation and the line of the spec it comes from."""

import ast
import re
from typing import NamedTuple

INDENT = "    "

Span = tuple[int, int, int, int]  # line, column, end line, end column, as AST nodes have them


class Line(NamedTuple):
    """One line. ``depth``: levels of indentation; ``origin``: line of the spec, None where there is none.

    ``span``: where in the spec the call stands that this line makes, if it comes to a blocking point. ``passes``: lines
    of the spec that control has come by just before, and of which nothing is left in the text (a ``continue``, say).
    ``quiet``: it does what no line of the spec says, and a debugger hears nothing of it.
    """

    depth: int
    text: str
    origin: int | None
    span: Span | None = None
    passes: tuple[int, ...] = ()
    quiet: bool = False

    def __str__(self) -> str:
        return INDENT * self.depth + self.text


def passing(line: int, lines: list[Line]) -> list[Line]:
    """The same lines, before which control comes by ``line``, of which the text keeps nothing."""
    if lines[0].origin == line:
        return lines
    return [lines[0]._replace(passes=(line, *lines[0].passes)), *lines[1:]]


_LEAVES = re.compile(r"return (\w+|\w+\.reply\(\w+\))")


def then(lines: list[Line], more: list[Line]) -> list[Line]:
    """``lines``, and ``more`` after them. What only lets go of something is left out where the handler ends at once."""
    while lines and lines[-1].quiet and more and _LEAVES.fullmatch(more[0].text):
        lines = lines[:-1]
    return lines + more


def deeper(lines: list[Line]) -> list[Line]:
    """The same lines one level further in; an empty block gets its ``pass``."""
    if not lines:
        return [Line(1, "pass", None)]
    return [line._replace(depth=line.depth + 1) for line in lines]


def unparsed(node: ast.stmt, origin: int) -> list[Line]:
    """The text of a statement. Lines below the first get the origin of the statement they belong to, if any."""
    text = ast.unparse(ast.fix_missing_locations(node)).splitlines()
    origins = _origins(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else {}
    found = []
    for number, line in enumerate(text):
        bare = line.lstrip(" ")
        depth = (len(line) - len(bare)) // len(INDENT)
        found.append(Line(depth, bare, origins.get(number, origin)))
    return found


def _origins(node: ast.stmt) -> dict[int, int]:
    """For an inner function: which line of the unparsed text comes from which line of the spec."""
    copy = ast.parse(ast.unparse(node)).body[0]
    pairs = zip(ast.walk(node), ast.walk(copy), strict=False)
    return {
        new.lineno - 1: old.lineno
        for old, new in pairs
        if isinstance(old, ast.stmt) and isinstance(new, ast.stmt) and type(old) is type(new)
    }
