"""Docstrings say `name: what it is.` in running text; on a page each of these is a line of its own.

Rule: only a name that the object has, as a parameter or a field, begins a line; all else stays as it is written.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import attrs
from sphinx.application import Sphinx

ENTRY = re.compile(r"(?:^|(?<=[.;])\s+)(\w+(?:, \w+)*): ")
LAST = re.compile(r"(?<=[.;])\s+(?=(?:Raises|Returns|Gives|Blocks|Source)\b)")


def names_of(thing: Any) -> set[str]:
    """The parameters of a function, the parameters and the fields of a class."""
    found = {field.name for field in attrs.fields(thing)} if inspect.isclass(thing) and attrs.has(thing) else set()
    try:
        return found | set(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return found


def listed(paragraph: str, names: set[str]) -> list[str]:
    """The paragraph as it is, or, where it goes through two names or more, as a list."""
    starts = [one for one in ENTRY.finditer(paragraph) if set(one[1].split(", ")) <= names]
    if len(starts) < 2 or starts[0].start() != 0:
        return paragraph.splitlines()
    ends = [*(one.start() for one in starts[1:]), len(paragraph)]
    texts = [paragraph[one.end() : end] for one, end in zip(starts, ends, strict=True)]
    *parts, rest = [*LAST.split(texts[-1], 1), ""][:2]
    texts[-1] = parts[0]
    lines = [f"- **{one[1]}**: {' '.join(text.split())}" for one, text in zip(starts, texts, strict=True)]
    return [*lines, "", " ".join(rest.split())] if rest else lines


def paragraphs(lines: list[str]) -> Iterator[str]:
    """What stands between empty lines."""
    yield from re.split(r"\n\s*\n", "\n".join(lines).strip())


def list_parameters(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Called for every docstring that a page prints."""
    names = names_of(thing)
    lines[:] = [line for paragraph in paragraphs(lines) for line in (*listed(paragraph, names), "")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.connect("autodoc-process-docstring", list_parameters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
