"""Pieces of a page, in docutils' words: what the directives that print tables and cases are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docutils import nodes


def slug(name: str) -> str:
    """The anchor of a case."""
    return "case-" + re.sub(r"\W+", "-", name.lower()).strip("-")


def raw(html: str) -> nodes.raw:
    """HTML as it is."""
    return nodes.raw("", html, format="html")


def folded(summary: str, content: Iterable[nodes.Node], name: str = "") -> list[nodes.Node]:
    """Content that is opened by a click on its summary; ``name`` is its anchor."""
    # The anchor stands inside: a browser that is led to it opens what is around it.
    anchor = [raw(f'<span id="{name}"></span>')] if name else []
    return [raw(f"<details><summary>{summary}</summary>"), *anchor, *content, raw("</details>")]


def code(text: str, language: str = "python") -> nodes.literal_block:
    """A block of code."""
    return nodes.literal_block(text, text, language=language)


def link(text: str, target: str) -> nodes.paragraph:
    """A line that leads to another place."""
    return nodes.paragraph("", "", nodes.reference("", text, refuri=target, internal=True))


def table(
    heads: Sequence[str], widths: Sequence[int], body: Iterable[Sequence[Sequence[nodes.Node]]], *classes: str
) -> nodes.table:
    """A table; each cell is a list of nodes. classes: ``sentences`` if the cells hold some."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head = nodes.row()
    head += [nodes.entry("", nodes.paragraph(text=text)) for text in heads]
    group += nodes.thead("", head)
    lines = nodes.tbody()
    for cells in body:
        line = nodes.row()
        line += [nodes.entry("", *cell) for cell in cells]
        lines += line
    group += lines
    return nodes.table("", group, classes=["language", "colwidths-given", *classes])


def section(name: str, title: str, *content: nodes.Node) -> nodes.section:
    """A section with an anchor."""
    return nodes.section("", nodes.title(text=title), *content, ids=[name], names=[name])
