"""The directives about the law: ``{law}`` prints the latest report, ``{laws}`` what each law says.

The report is docs/law.json, which ``make law`` writes and the repository keeps. A changed spec is marked.
"""

from __future__ import annotations

import json
from typing import Any

from blocks import folded
from docutils import nodes
from duality_docs import ROOT, parsed
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from duality.proof.report import source_hash
from duality.proof.verdict import LAWS

REPORT = ROOT / "docs" / "law.json"
HEADS = "| application | schedules | steps | edges walked | verdict |"


def report() -> dict[str, Any]:
    """The latest report."""
    found: dict[str, Any] = json.loads(REPORT.read_text())
    return found


def row(check: dict[str, Any]) -> str:
    """One application."""
    name = f"`{check['file'].rpartition('/')[2]}:{check.get('application', '')}`"
    if check.get("refused"):
        return f"| {name} | | | | not checked |"
    edges = f"{check['edges']['walked']} of {check['edges']['of']}"
    counts = f"{check['schedules']['played']:,} | {check['steps']:,} | {edges}"
    return f"| {name} | {counts} | {verdict(check)}{explored(check)} |"


def explored(check: dict[str, Any]) -> str:
    """How many schedules an exploration ran, of how many; empty if there was none."""
    found = list(check["explored"].values())
    if not found:
        return ""
    about = "" if found[0]["counted"] else "about "
    proof = "not proved" if any(one["cut"] for one in found) else "proved"
    return f"; {proof} with {found[0]['schedules']:,} of {about}{found[0]['without reduction']:,} schedules"


def verdict(check: dict[str, Any]) -> str:
    """What came of it, and whether it still says something of the spec as it is."""
    said = "held" if check["held"] else f"**{check['finding']['law']}**"
    said += "".join(f"; {law} {count:,} times, as it should" for law, count in check["allowed"].items())
    stale = source_hash(str(ROOT / check["file"])) != check["source"]
    return f"{said} (the spec has changed since)" if stale else said


class Law(SphinxDirective):
    """``{law}``: the report, as a table, and the edges that no run has walked."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(REPORT))
        found = report()
        known = found["versions"]
        versions = f"duality {known['duality']} (compiler {known['compiler']}) on {known['python']}"
        totals = found["totals"]
        did = f"{totals['schedules']:,} schedules, {totals['runs']:,} runs, {totals['steps']:,} steps"
        seconds = f"{totals['seconds']['cpu']:,.0f} seconds of processor time"
        head = f"{did}; {seconds}. Made by {versions}."
        table = [HEADS, "|---" * HEADS.count(" | ") + "|---|", *map(row, found["checks"])]
        edges = ((one["file"], one["edges"]["never"]) for one in found["checks"] if "edges" in one)
        never = [f"- `{file}`: {edge}" for file, left in edges for edge in left]
        said = f"{len(never)} edges that no run has walked"
        return [*parsed(self, [head]), *parsed(self, table), *folded(said, parsed(self, never))]


class Laws(SphinxDirective):
    """``{laws}``: every law by the name a finding bears, with what it says."""

    def run(self) -> list[nodes.Node]:
        rows = [f"| `{name}` | {said.replace('@invariant', '`@invariant`')} |" for name, said in LAWS.items()]
        return parsed(self, ["| finding | is a breach of |", "|---|---|", *rows])


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.add_directive("law", Law)
    app.add_directive("laws", Laws)
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: ["reference/law", "reference/check"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
