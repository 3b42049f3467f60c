"""Which line of the spec each piece of a generated text counts as, for tracebacks, debuggers and coverage.

    before   a tree of the text, with the text's own lines
    after    the same, with lines of the spec

Rule: a line of the text that comes from none of the spec counts as the statement before it in its block, or else as
what the block belongs to. What a handler does before its first own line (it unpacks its record) is in no line at all,
or a tracer would see the spec come by there. Where the spec spreads a statement over several lines and the text does
not, each part of it is found again, and stands where it stood.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from duality.compiler.linetable import NOWHERE

Origin = Callable[[int], int | None]
_Passes = Mapping[int, Iterable[int]]
Spread = Mapping[int, Sequence[ast.stmt]]
_Parts = dict[str, list[ast.expr]]


def count(
    function: ast.FunctionDef, origin: Origin, first: int, spread: Spread | None = None, passes: _Passes | None = None
) -> None:
    """Give every node of ``function`` its line of the spec.

    origin: the spec's line for a line of the text.   first: for a function that has none.   spread: what the function
    of that name gives, where the spec's statements may take more lines than the text's.   passes: see ``Line``, by line
    of the text.
    """
    counter = _Counter(origin, spread or {}, passes or {})
    own = (origin(node.lineno) for node in ast.walk(function) if isinstance(node, ast.stmt))
    head = origin(function.lineno) or min((line for line in own if line is not None), default=first)
    counter.block(function.body, NOWHERE)
    counter.inside(function.args, head)
    function.lineno = head
    function.end_lineno = head


class _Counter:
    def __init__(self, origin: Origin, spread: Spread, passes: _Passes) -> None:
        self.origin = origin
        self.passes = passes
        self.spread = spread

    def block(self, statements: list[Any], before: int) -> None:
        """Statements, cases or handlers; ``before``: the line that goes before them."""
        for one in list(statements):
            passed = self.passes.get(getattr(one, "lineno", 0), ()) if isinstance(one, ast.stmt) else ()
            place = statements.index(one)
            statements[place:place] = [ast.Pass(lineno=line, end_lineno=line) for line in passed]
            self.statement(one, before)
            line = getattr(one, "lineno", before)
            before = before if line == NOWHERE else line

    def statement(self, node: Any, before: int) -> None:
        """One of them, and all that is inside."""
        line = self.line(node, before)
        parts = self.parts(line)
        for value in _children(node):
            if isinstance(value, list):
                self.block(value, line)
            else:
                self.inside(value, line, parts)

    def line(self, node: Any, before: int) -> int:
        """Set the line of a node that has one; gives it."""
        if not hasattr(node, "lineno"):
            return before
        own = self.origin(node.lineno)
        last = self.origin(node.end_lineno or node.lineno)
        node.lineno = before if own is None else own
        node.end_lineno = node.lineno if last is None or NOWHERE in (node.lineno, last) else max(node.lineno, last)
        return int(node.lineno)

    def parts(self, line: int) -> _Parts:
        """The expressions of the spec's statements that begin at ``line`` and do not end there, by what they say."""
        found: _Parts = {}
        for statement in self.spread.get(line, ()):
            for value in _children(statement):
                for node in ast.walk(value) if isinstance(value, ast.AST) else ():
                    if isinstance(node, ast.expr):
                        found.setdefault(_said(node), []).append(node)
        return found

    def inside(self, node: ast.AST, line: int, parts: _Parts | None = None) -> None:
        """An expression, or another thing that holds no statements."""
        found = parts.get(_said(node)) if parts and isinstance(node, ast.expr) else None
        if found:
            _follow(node, found.pop(0))
            return
        if isinstance(node, ast.Call) and parts and (found := parts.get(_said(_without_sender(node)))):
            line = found[0].lineno
            node.lineno = node.end_lineno = line
        elif parts and isinstance(node, ast.expr):
            node.lineno = node.end_lineno = line
        else:
            line = self.line(node, line)
        for child in ast.iter_child_nodes(node):
            self.inside(child, line, parts)


def spread(spec: ast.AST) -> Spread:
    """The statements of the spec that stand in several lines, by the first one; blocks inside of them do not count."""
    found: dict[int, list[ast.stmt]] = {}
    for node in ast.walk(spec):
        if isinstance(node, ast.stmt) and (node.end_lineno or 0) > node.lineno and _spreads(node):
            found.setdefault(node.lineno, []).append(node)
    return found


def _spreads(node: ast.stmt) -> bool:
    inside = (one for value in _children(node) if isinstance(value, ast.AST) for one in ast.walk(value))
    return any(
        (one.lineno, one.end_lineno) != (node.lineno, node.lineno) for one in inside if isinstance(one, ast.expr)
    )


def _children(node: ast.AST) -> Iterator[Any]:
    """What a statement is made of: expressions and the like each, and its blocks as lists."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt | ast.ExceptHandler | ast.match_case):
            yield value
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, ast.AST))
        elif isinstance(value, ast.AST):
            yield value


def _said(node: ast.AST) -> str:
    """What an expression says, wherever it stands: an `await` says what it awaits."""
    while isinstance(node, ast.Await):
        node = node.value
    return ast.unparse(node)


def _without_sender(call: ast.Call) -> ast.Call:
    return ast.Call(call.func, call.args[1:], call.keywords)


def _follow(node: ast.AST, spec: ast.AST) -> None:
    """Put every part of ``node`` where it stands in ``spec``, which says the same."""
    for one, other in zip(ast.walk(node), ast.walk(spec), strict=False):
        if hasattr(one, "lineno") and hasattr(other, "lineno"):
            one.lineno, one.end_lineno = other.lineno, other.end_lineno  # type: ignore[attr-defined]
