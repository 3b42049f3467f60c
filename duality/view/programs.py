"""One procedure in its three readings, as HTML: threads on the left, the spec in the middle, events on the right.

Rules: the number beside a line is the spec's line it comes from, in all three; so what belongs together can be found
without a script, and with one it lights up. Each blocking point has a colour of its own, the same in all three.
"""

import textwrap
from collections.abc import Sequence
from html import escape

from attrs import frozen

from duality.compiler.product import Product
from duality.view.beside import Rest, beside, rests
from duality.view.highlight import highlighted

HUES = 6  # colours of blocking points; the seventh begins again


@frozen
class Line:
    """A line of a listing. origin: the spec's line.   rest: the blocking point it belongs to.   note: what to add."""

    text: str
    origin: int | None
    rest: Rest | None = None
    note: str = ""


def three_readings(threads: Product, events: Product) -> str:
    """The three listings of one procedure."""
    listings = [
        _listing("among threads", "the stack remembers", _erased(threads, _by_line(threads))),
        _listing("the spec", "every await may block", _written(threads, _by_line(threads))),
        _listing("among events", "the record remembers", _ripped(events, _by_line(events))),
    ]
    return f'<div class="readings">{"".join(listings)}</div>'


def _by_line(product: Product) -> dict[int, Rest]:
    found: dict[int, Rest] = {}
    for rest in rests(product):
        found.setdefault(rest.node.line, rest)
    return found


def _written(product: Product, by_line: dict[int, Rest]) -> list[Line]:
    tree = product.procedure.tree
    first = min([tree.lineno, *(mark.lineno for mark in tree.decorator_list)])
    lines = textwrap.dedent(product.spec).split("\n")
    return [_noted(text, first + place, by_line, "may block here") for place, text in enumerate(lines)]


def _erased(product: Product, by_line: dict[int, Rest]) -> list[Line]:
    found = zip(product.text.rstrip("\n").split("\n"), product.origin, strict=False)
    return [_noted(text, origin, by_line, "alive on the stack") for text, origin in found]


def _noted(text: str, line: int | None, by_line: dict[int, Rest], note: str) -> Line:
    rest = by_line.get(line) if line is not None else None
    if rest is None:
        return Line(text, line)
    alive = ", ".join(rest.alive) or "nothing"
    return Line(text, line, rest, f"{note}: {alive}" if note.startswith("alive") else f"{rest.node.kind}: {note}")


def _ripped(product: Product, by_line: dict[int, Rest]) -> list[Line]:
    rows = [row for row in beside(product) if row.number is not None]
    lines: list[Line] = []
    for place, row in enumerate(rows):
        if not row.text and place and not rows[place - 1].text:
            continue  # one blank line between handlers is enough on a page
        rest = row.rest or by_line.get(row.origin or 0)
        lines.append(Line(row.text, row.origin, rest))
        if row.rest is not None:  # the comments above a handler belong to the rest it resumes from
            at = len(lines) - 2
            while at >= 0 and lines[at].text.startswith("#"):
                lines[at] = Line(lines[at].text, None, row.rest)
                at -= 1
    return lines


def _listing(title: str, motto: str, lines: Sequence[Line]) -> str:
    markup = highlighted([line.text for line in lines])
    rows = "".join(_row(line, code) for line, code in zip(lines, markup, strict=True))
    head = f"<figcaption><b>{escape(title)}</b> <i>{escape(motto)}</i></figcaption>"
    return f'<figure class="listing">{head}<div class="code">{rows}</div></figure>'


def _row(line: Line, code: str) -> str:
    hue = f" rest h{(line.rest.number - 1) % HUES}" if line.rest is not None else ""
    live = " live" if line.text.startswith("# alive across") else ""
    data = f' data-line="{line.origin}"' if line.origin is not None else ""
    indent = len(line.text) - len(line.text.lstrip())
    note = f'<small class="note">{escape(line.note)}</small>' if line.note else ""
    number = line.origin if line.origin is not None else ""
    return (
        f'<div class="l{hue}{live}"{data}><span class="no">{number}</span>'
        f'<code style="--in:{indent + 2}ch">{code or "&nbsp;"}</code>{note}</div>'
    )
