"""A generated program beside the spec's lines that it comes from.

    before   a Product: its text, and for each of its lines the spec's line it stems from
    after    rows: a line of the spec, or none, and a line of the text, or none

Rules: every line of the text has exactly one row, in order. A line of the spec stands at the first of the rows that
stem from it, and again wherever the text comes back to it (a handler repeats what several paths share); the lines of
one statement stay together. Reads ``Product.origin`` and the spec; knows nothing of how either side is made.
"""

import ast
import textwrap
from collections.abc import Iterator

from attrs import frozen

from duality.compiler.product import Product, compile_procedure
from duality.graph import Node


@frozen
class Rest:
    """A blocking point that the text may rest at. alive: the variables that live across it, in the record's order."""

    node: Node
    alive: tuple[str, ...]
    number: int

    def __str__(self) -> str:
        return f"{self.node.name}, line {self.node.line}; alive: {', '.join(self.alive) or 'nothing'}"


@frozen
class Row:
    """One row of the two columns.

    line: the spec's line ``spec``, None where the row has none.   number: of the text's line ``text``, from 1; None
    where the row has none.   origin: the spec's line that ``text`` stems from, whether or not it is shown here.
    rest: set where the text resumes from a rest (events), or comes to one (threads).
    """

    line: int | None
    spec: str
    number: int | None
    text: str
    origin: int | None = None
    rest: Rest | None = None


def rests(product: Product) -> list[Rest]:
    """The points at which the procedure can rest, in source order, with what is alive across each.

    On either side: what the record holds among events is what is alive on the stack among threads, under the spec's own
    names and without what the events side has made up.
    """
    procedure = product.procedure
    known = compile_procedure(procedure.function, procedure.owner, "events").alive  # no rest that is never come to
    return [Rest(node, product.alive[node], number) for number, node in enumerate(sorted(known), 1)]


def beside(product: Product) -> list[Row]:
    """The rows of one procedure."""
    texts = product.text.rstrip("\n").split("\n")
    spec = _Spec(product)
    found: list[Row] = []
    last: int | None = None
    for number, (text, origin) in enumerate(zip(texts, product.origin, strict=False), 1):
        origin = spec.mark if origin is None and text.startswith("@") else origin
        if not text:  # another handler begins, and with it another way through the spec
            found += spec.rest_of(last, None)
            last = None
        if origin is None or origin == last:
            found.append(Row(None, "", number, text, origin))
            continue
        found += spec.rest_of(last, origin)
        found.append(Row(origin, spec.line(origin), number, text, origin))
        last = origin
    found += spec.rest_of(last, None)
    return _with_rests(product, found)


class _Spec:
    """The spec's text of one procedure, by line.

    ``ends`` says where the head of the statement at a line ends; ``mark`` is the line of the first decorator.
    """

    def __init__(self, product: Product) -> None:
        lines = textwrap.dedent(product.spec).split("\n")
        start = product.procedure.tree.lineno
        self.mark = min([start, *(mark.lineno for mark in product.procedure.tree.decorator_list)])
        self.lines = dict(enumerate(lines, self.mark))
        self.ends: dict[int, int] = {}
        for node in ast.walk(product.procedure.tree):
            if isinstance(node, ast.stmt):
                body = getattr(node, "body", None)
                end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
                self.ends[node.lineno] = max(node.lineno, end, self.ends.get(node.lineno, 0))

    def line(self, number: int) -> str:
        return self.lines.get(number, "")

    def rest_of(self, last: int | None, following: int | None) -> Iterator[Row]:
        """What is left of the statement at line ``last``, up to the line shown next: rows without text."""
        if last is None:
            return
        end = self.ends.get(last, last)
        for number in range(last + 1, end + 1):
            if following is None or not last < following <= number:
                yield Row(number, self.line(number), None, "", number)


def _with_rests(product: Product, rows: list[Row]) -> list[Row]:
    known = rests(product)
    if product.side == "threads":
        # The await stands in the erased line itself: the thread comes to rest there.
        by_line: dict[int, Rest] = {}
        for rest in known:
            by_line.setdefault(rest.node.line, rest)
        return [_marked(row, by_line.get(row.origin or 0) if row.number is not None else None) for row in rows]
    names = {f"def {name}(": node for name, node in product.nodes.items() if node is not None and name != product.name}
    resumed = {rest.node: rest for rest in known}
    marked = []
    for row in rows:
        node = next((node for start, node in names.items() if row.text.startswith(start)), None)
        marked.append(_marked(row, resumed.get(node) if node is not None else None))
    return marked


def _marked(row: Row, rest: Rest | None) -> Row:
    return Row(row.line, row.spec, row.number, row.text, row.origin, rest)
