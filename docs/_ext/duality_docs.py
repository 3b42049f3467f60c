"""Directives that quote the project instead of repeating it, so that a page cannot go stale.

``{notions}`` prints the table of ``duality.notions``; ``{programs} FILE`` a spec's procedures, written or compiled;
``{files} FOLDER`` and ``{twins}`` what the files of a folder, or the two runtimes' files in pairs, say of themselves.
"""

from __future__ import annotations

import ast
import re
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from duality.notions import NOTIONS, TWINS

ROOT = Path(__file__).parents[2]


def parsed(directive: SphinxDirective, lines: list[str]) -> list[nodes.Node]:
    """What the page's own language makes of ``lines``."""
    holder = nodes.container()
    directive.state.nested_parse(StringList(lines, source=directive.name), 0, holder)
    return list(holder.children)


def notions_as_markdown() -> list[str]:
    """The table, a line per row; a room is named in the first of its rows only."""
    lines = ["| room | in the spec | among events | among threads |", "|---|---|---|---|"]
    for room, rows in groupby(NOTIONS, key=lambda notion: notion.room):
        for position, row in enumerate(rows):
            name = f"`{room}.py`" if position == 0 else ""
            lines.append(f"| {name} | {row.spec} | {row.events} | {row.threads} |")
    return lines


class Notions(SphinxDirective):
    """``{notions}``: the whole table."""

    def run(self) -> list[nodes.Node]:
        return parsed(self, notions_as_markdown())


def first_line(path: Path) -> str:
    """What a file says it is: the first line of its docstring."""
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


class Files(SphinxDirective):
    """``{files} FOLDER``: every file of the folder with the first line of its docstring, in the order its package says.

    That order is the order of file names in the package's own docstring; a file it does not name comes after, by name.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = ROOT / self.arguments[0]
        said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
        order = re.findall(r"\b(\w+)(?:\.py)?\b", said)
        files = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
        files.sort(key=lambda path: order.index(path.stem) if path.stem in order else len(order))
        rows = [f"| `{path.name}` | {first_line(path)} |" for path in files]
        return parsed(self, ["| file | what it does |", "|---|---|", *rows])


class Twins(SphinxDirective):
    """``{twins}``: every pair of twin files, each with the first line of its docstring."""

    def run(self) -> list[nodes.Node]:
        package = ROOT / "duality"
        rows = [
            f"| `{room}.py` | {first_line(package / 'threads' / f'{room}.py')} "
            f"| {first_line(package / 'events' / f'{room}.py')} |"
            for room in TWINS
        ]
        return parsed(self, ["| file | `threads/` | `events/` |", "|---|---|---|", *rows])


class Programs(SphinxDirective):
    """``{programs} FILE``, with ``:show:`` spec, events or threads, and ``:procedures:`` names between commas."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "show": lambda word: directives.choice(word, ("spec", "events", "threads")),
        "procedures": lambda words: [word.strip() for word in words.split(",")],
    }

    def run(self) -> list[nodes.Node]:
        from quoting import quote  # the compiler is wanted only by pages that quote it

        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        show = self.options.get("show", "events")
        text = getattr(quote(Path(path), self.options.get("procedures", ())), show)
        block = nodes.literal_block(text, text, language="python", linenos=False)
        self.set_source_info(block)
        return [nodes.container("", block, classes=["programs", show])]


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.add_directive("notions", Notions)
    app.add_directive("programs", Programs)
    app.add_directive("files", Files)
    app.add_directive("twins", Twins)
    # What is quoted can change without its page changing: quoted pages are read at every build.
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: ["duality-table", "how-it-works"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
