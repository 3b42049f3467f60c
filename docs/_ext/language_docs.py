"""Directives that print the language table, so that no row can say more than a test.

``{language} PART`` prints the rows of ``docs/reference/language.toml``, ``{refusals}`` every refusal with its advice.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import Any

from blocks import code, folded, link, raw, slug, table
from case_docs import outside_cases
from docutils import nodes
from duality_docs import ROOT, parsed
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tests.compiler.outside import specs
from tests.compiler.test_refuse import REFUSED

TABLE = ROOT / "docs" / "reference" / "language.toml"


def rows() -> list[dict[str, Any]]:
    """The rows of the language table."""
    found: list[dict[str, Any]] = tomllib.loads(TABLE.read_text())["row"]
    return found


def cases_of(row: dict[str, Any]) -> list[specs.Case]:
    """The outside cases of a row: those that name it, and those it names."""
    return [
        case for case in outside_cases() if case.construct == row["construct"] or case.name in row.get("outside", ())
    ]


def status_of(row: dict[str, Any]) -> str:
    """Handled, refused or different; and whether a part of what is handled is refused (by us, not by Python)."""
    status: str = row.get("status", "handled")
    ours = [case for case in cases_of(row) if case.refused and not case.refused.startswith("SyntaxError")]
    return f"{status}, with refusals" if row.get("refused") or ours else status


class Language(SphinxDirective):
    """``{language} PART``: the rows of a part."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(TABLE))
        body = [
            [self.what(row), parsed(self, [row["events"]]), self.threads(row), self.shown(row)]
            for row in rows()
            if row["part"] == self.arguments[0]
        ]
        return [table(["construct", "among events", "among threads", "shown by"], [16, 34, 20, 30], body, "sentences")]

    def what(self, row: dict[str, Any]) -> list[nodes.Node]:
        """Name, section of Python's reference, nodes, status."""
        since = f", since Python {row['since']}" if "since" in row else ""
        lines = [
            f"**{row['construct']}**",
            "",
            f"{row['where']}{since}",
            "",
            " ".join(f"`{one}`" for one in row["nodes"]),
        ]
        return [*parsed(self, lines), raw(f'<p class="status">{status_of(row)}</p>')]

    def threads(self, row: dict[str, Any]) -> list[nodes.Node]:
        """What becomes of it among threads."""
        return parsed(self, [row.get("threads", "The spec's own line.")])

    def shown(self, row: dict[str, Any]) -> list[nodes.Node]:
        """Links to the cases, and the names of the tests."""
        found: list[nodes.Node] = [link(name, f"golden.html#{slug(name)}") for name in row.get("golden", ())]
        if cases := cases_of(row):
            counts = Counter(case.status for case in cases)
            said = ", ".join(f"{counts[status]} {status}" for status in specs.STATUSES if counts[status])
            found += folded(
                f"outside cases: {said}", [link(one.name, f"outside.html#{slug(one.name)}") for one in cases]
            )
        if refused := row.get("refused"):
            found += parsed(self, ["refused: " + "; ".join(f"[{one}](#refusals)" for one in refused)])
        if tests := row.get("tests"):
            found += folded(f"tests: {len(tests)}", parsed(self, [f"- `{one}`" for one in tests]))
        return found


class Refusals(SphinxDirective):
    """``{refusals}``: what is refused, why, and what to write instead."""

    def run(self) -> list[nodes.Node]:
        body = []
        for name, text, reason, advice in REFUSED:
            bare = re.sub(r" *#!", "", text)
            body.append([[nodes.paragraph(text=name), code(bare)], parsed(self, [reason]), parsed(self, [advice])])
        return [table(["refused", "because", "write instead"], [36, 32, 32], body, "sentences")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.add_directive("language", Language)
    app.add_directive("refusals", Refusals)
    app.add_css_file("language.css")
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: ["reference/language"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
