"""What the demo found, as one page that can be kept, mailed, or printed.

Rule: the report is given findings and shows them; it measures and judges nothing.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from attrs import field, frozen

from duality.compiler.product import Product
from duality.graph import BlockingGraph, to_svg
from duality.notions import NOTIONS
from duality.view.page import folded, inlined, page, section
from duality.view.programs import three_readings

SIDE_BY_SIDE = """One static web server, written once. Knot is its threads program, Haboob its events program; each ran
in a process of its own. Below them, the examples: each run by threads, by events and, uncompiled, as it is written."""
TWO_PROGRAMS = """The number beside a line is the line of the spec it comes from. Each point that may block has a
colour, the same in all three. Point at a line to find its kin."""
GRAPHS = """The static blocking graph: a node is a point that may block, an edge the code between two. Strong edges were
walked while this report was made."""
DICTIONARY = "Lauer and Needham's table: one notion, two vocabularies."
PAPERS = """H. C. Lauer and R. M. Needham, On the Duality of Operating System Structures, 1978. R. von Behren, J. Condit
and E. Brewer, Why Events Are a Bad Idea (for High-Concurrency Servers), 2003."""
VERDICTS = {True: ("yes", "✔ "), False: ("no-good", "✘ "), None: ("quiet", "")}


@frozen
class Finding:
    """A row of the table. cells: of threads and of events.   holds: whether what must be equal was; None: not judged.

    difference: the first difference, if there is one.   group: begins a new group of rows.
    """

    name: str
    cells: tuple[str, str]
    said: str = ""
    holds: bool | None = None
    difference: str = ""
    group: bool = False


@frozen
class Picture:
    """A static graph, and the edges that runs on both sides walked. opened: shown unfolded."""

    name: str
    graph: BlockingGraph
    walked: BlockingGraph
    note: str
    opened: bool = False


@frozen
class Programs:
    """The procedures of one spec, each as (threads, events). opened: the names to show unfolded."""

    name: str
    file: str
    pairs: Sequence[tuple[Product, Product]]
    opened: frozenset[str] = frozenset()


@frozen
class Report:
    """Everything on the page. rounds: microseconds of CPU per request, by side, in the order measured."""

    holds: bool
    facts: Mapping[str, str]
    findings: Sequence[Finding]
    rounds: Mapping[str, Sequence[float]]
    programs: Sequence[Programs]
    pictures: Sequence[Picture]
    notes: Sequence[str] = field(factory=tuple)


def rendered(report: Report) -> str:
    """The whole document."""
    parts = [
        _head(report),
        section("table", "Side by side", SIDE_BY_SIDE, _table(report.findings), _rounds(report.rounds)),
        section("programs", "Two programs", TWO_PROGRAMS, *map(_programs, report.programs)),
        section("graphs", "Where it may block", GRAPHS, *map(_picture, report.pictures)),
        section("words", "The dictionary", DICTIONARY, _words()),
        _foot(report),
    ]
    return page("duality: one spec, two programs", "\n".join(parts))


def _head(report: Report) -> str:
    said = "Everything that must hold, holds." if report.holds else "Something that must hold does not: see the table."
    links = [("table", "side by side"), ("programs", "two programs"), ("graphs", "graphs"), ("words", "dictionary")]
    return (
        '<header><button id="theme" type="button" hidden>light / dark</button><h1>One spec, two programs</h1>'
        "<p>A concurrent program, written once, compiled to threads and to events: the same blocking graph, the same "
        "outputs and, with equally good implementations, the same speed.</p>"
        f'<p class="verdict{"" if report.holds else " broken"}">{said}</p>'
        f"<nav>{''.join(f'<a href=#{anchor}>{name}</a>' for anchor, name in links)}</nav></header>"
    )


def _table(findings: Sequence[Finding]) -> str:
    head = '<tr><th></th><th class="threads">Knot (threads)</th><th class="events">Haboob (events)</th><th></th></tr>'
    rows = "".join(_row(one) for one in findings)
    first = next((one for one in findings if one.holds is False and one.difference), None)
    difference = f'<pre class="difference">{escape(first.difference)}</pre>' if first is not None else ""
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>{difference}'


def _row(one: Finding) -> str:
    name, sign = VERDICTS[one.holds]
    inner = ' class="inner"' if one.name.startswith(" ") else ""
    cells = "".join(f'<td class="cell">{escape(cell)}</td>' for cell in one.cells)
    begins = ' class="break"' if one.group else ""
    said = f'<td class="{name}">{sign}{escape(one.said)}</td>'
    return f"<tr{begins}><th{inner}>{escape(one.name.strip())}</th>{cells}{said}</tr>"


def _rounds(rounds: Mapping[str, Sequence[float]]) -> str:
    """Every round as a dot, so that the reader sees the spread and not only its middle."""
    most = max((value for values in rounds.values() for value in values), default=0.0) * 1.08 or 1.0
    left, width, height = 90, 640, 34
    parts = []
    for place, (side, values) in enumerate(rounds.items()):
        y = 24 + place * height
        mean = sum(values) / len(values)
        places = [left + value / most * width for value in values]
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y}" r="5" fill-opacity=".55"></circle>' for x in places)
        parts.append(
            f'<text class="name {side}" x="{left - 12}" y="{y + 4}" text-anchor="end">{escape(side)}</text>'
            f'<line class="axis" x1="{left}" y1="{y}" x2="{left + width}" y2="{y}"></line><g class="{side}">{dots}'
            f'<rect x="{left + mean / most * width - 1:.1f}" y="{y - 11}" width="2.4" height="22"></rect></g>'
            f'<text x="{left + width + 12}" y="{y + 4}">{mean:.1f} us</text>'
        )
    bottom = 16 + len(rounds) * height
    words = "Server CPU per request, user and system: a dot is a round, the bar their mean; the axis begins at zero."
    return (
        f'<svg class="rounds" role="img" width="{left + width + 110}" viewBox="0 0 {left + width + 110} {bottom}">'
        f'<title>{words}</title>{"".join(parts)}</svg><p class="quiet">{words}</p>'
    )


def _programs(one: Programs) -> str:
    parts = [f"<h3>{escape(one.name)} <small>{escape(one.file)}</small></h3>"]
    for threads, events in one.pairs:
        handlers = len(events.handlers)
        note = f"{Path(events.file).name}:{events.first_line}; handlers among events: {handlers}"
        opened = events.qualname in one.opened
        parts.append(folded(events.qualname, three_readings(threads, events), opened=opened, note=note))
    return "".join(parts)


def _picture(one: Picture) -> str:
    prefix = re.sub(r"\W+", "-", one.name) + "-"
    drawn = inlined(to_svg(one.graph, walked=one.walked, prefix=prefix))
    return folded(one.name, drawn, opened=one.opened, note=one.note)


def _words() -> str:
    head = '<tr><th>in the spec</th><th class="threads">among threads</th><th class="events">among events</th></tr>'
    rows = "".join(
        f"<tr><td>{_ticked(one.spec)}</td><td>{_ticked(one.threads)}</td><td>{_ticked(one.events)}</td></tr>"
        for one in NOTIONS
    )
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _ticked(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _foot(report: Report) -> str:
    facts = "; ".join(f"{escape(name)} {escape(value)}" for name, value in report.facts.items())
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.notes)
    return f"<footer>{notes}<p>{facts}</p><p>{escape(PAPERS)}</p></footer>"
