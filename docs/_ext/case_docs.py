"""Directives that print the compiler's cases: ``{golden}`` and ``{outside} FILE``.

A golden case is a small procedure with both its programs. An outside case is a small spec made from what one of
CPython's own tests asks; ``FILE`` is one of the files of tests/compiler/outside/cases.
"""

from __future__ import annotations

import sys
from collections import Counter

from blocks import code, folded, section, slug, table
from docutils import nodes
from duality_docs import ROOT, parsed
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the cases are the tests' own data

from tests.compiler import golden
from tests.compiler.outside import specs


def outside_cases() -> list[specs.Case]:
    """Every outside case."""
    return [case for file in specs.files() for case in specs.cases(file)]


class Golden(SphinxDirective):
    """``{golden}``: every golden case with its two programs."""

    def run(self) -> list[nodes.Node]:
        found: list[nodes.Node] = []
        for file in sorted(golden.CASES.glob("*.case")):
            self.env.note_dependency(str(file))
            found.append(section(file.stem, file.stem.capitalize(), *(self.case(one) for one in golden.cases(file))))
        return found

    def case(self, case: golden.Case) -> nodes.section:
        """One case."""
        graph = "\n".join(case.sections[one].strip() for one in ("graph", "alive"))
        return section(
            slug(case.name),
            case.name,
            code(case.sections["spec"].strip("\n")),
            *folded("the blocking graph, and what is alive at each rest", [code(graph, "text")]),
            *folded("the events program", [code(case.sections["events"].strip("\n"))]),
            *folded("the threads program", [code(case.sections["threads"].strip("\n"))]),
        )


# ---- outside


class Outside(SphinxDirective):
    """``{outside} FILE``: what a test file of CPython's asks, class by class, and every case that answers."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        file = specs.CASES / f"{self.arguments[0]}.case"
        self.env.note_dependency(str(file))
        return [self.summary(), *(node for case in specs.cases(file) for node in self.case(case))]

    def summary(self) -> nodes.table:
        """For each class of tests: how many there are, and how many have a case of each status."""
        answers: dict[str, set[str]] = {}
        for case in outside_cases():
            for name in case.tests:
                answers.setdefault(name, set()).add(case.status)
        body = []
        for title, names in specs.asked()[self.arguments[0]].items():
            counts = Counter(status for name in names for status in answers.get(name, ()))
            cells = [title, str(len(names)), *(str(counts[status] or "") for status in specs.STATUSES)]
            body.append([[nodes.paragraph(text=cell)] for cell in cells])
        return table(["tests of CPython", "tests", *specs.STATUSES], [40, 15, 15, 15, 15], body)

    def case(self, case: specs.Case) -> list[nodes.Node]:
        """One case, folded."""
        inside: list[nodes.Node] = [code(case.spec)] if case.spec else []
        if case.refused:
            inside += parsed(self, [f"Refused: {case.refused}"])
        if case.because:
            inside += parsed(self, [case.because])
        for section_, said in (("gives", "Gives"), ("python", "CPython gives")):
            if section_ in case.sections:
                inside += [nodes.paragraph(text=f"{said}:"), code(getattr(case, section_))]
        since = f" Written for Python {case.since} and newer." if case.since else ""
        inside += parsed(self, [f"Row of the table: {case.construct}. Asked by `{case.asked}`.{since}"])
        return folded(f'{case.name} <span class="status {case.status}">{case.status}</span>', inside, slug(case.name))


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.add_directive("golden", Golden)
    app.add_directive("outside", Outside)
    # What is quoted can change without its page changing.
    app.connect("env-get-outdated", lambda app, env, added, changed, removed: ["reference/golden", "reference/outside"])
    return {"parallel_read_safe": True, "parallel_write_safe": True}
