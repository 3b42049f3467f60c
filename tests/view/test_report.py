"""The report is one well-formed page that fetches nothing, and shows everything it was given."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve

from duality.compiler import program
from duality.graph import BlockingGraph
from duality.view.report import Finding, Picture, Programs, Report, rendered
from duality.web import knot

VOID = {"meta", "br", "hr", "img", "input", "link"}
FETCHING = {"src", "srcset", "href", "action", "data", "poster", "xlink:href", "formaction", "background"}


class Reader(HTMLParser):
    """Notes every element and attribute; fails on an element that is closed wrongly or twice used ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def report() -> Report:
    """A report with something of everything, and with what HTML could misread."""
    events, threads = (program(knot, side, root=".").products for side in ("events", "threads"))
    graph = knot.graph(root=".")
    walked = BlockingGraph.from_edges(graph.edges[::2])
    return Report(
        holds=True,
        facts={"machine": "<x86>"},
        findings=[
            Finding("bytes & files", ("12 <MiB>", "12 MiB"), "equal", True, group=True),
            Finding("  CPU", ("12 us", "11 us"), "ratio 0.92"),
        ],
        rounds={"threads": [12.0, 12.5], "events": [11.0, 11.5]},
        programs=[Programs("web", "duality/web", list(zip(threads, events, strict=True)), frozenset(["Pages.claim"]))],
        pictures=[Picture("one", graph, walked, "a note", opened=True), Picture("two", graph, walked, "")],
        notes=["A note <at the end>."],
    )


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    """The page of that report."""
    return rendered(report)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    """The same, read."""
    return Reader(page)


def test_it_is_one_document_whose_elements_close(read: Reader) -> None:
    tags = [tag for tag, _ in read.elements]
    for tag in ("html", "head", "body", "title", "h1"):
        assert tags.count(tag) == 1 or tag == "title"
    assert not {"link", "iframe", "object", "embed", "img", "base", "form"} & set(tags)


def test_it_names_no_address_outside_of_itself(page: str, read: Reader) -> None:
    assert "://" not in page
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", page)
    for _, attributes in read.elements:
        for name in FETCHING & attributes.keys():
            assert (attributes[name] or "").startswith("#")


def test_it_forbids_itself_every_request(read: Reader) -> None:
    (policy,) = [one for tag, one in read.elements if one.get("http-equiv") == "Content-Security-Policy"]
    assert (policy["content"] or "").startswith("default-src 'none'; ")


def test_no_id_is_used_twice_and_every_link_leads_somewhere(read: Reader) -> None:
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {f"#{one}" for one in ids}
    links = [attributes["href"] for tag, attributes in read.elements if tag == "a"]
    assert links
    assert set(links) <= targets


def test_it_has_colours_for_day_and_for_night(page: str) -> None:
    names = set(re.findall(r"var\((--\w+)\)", page)) - {"--in", "--hue"}
    day, night = (page.split("@media (prefers-color-scheme: dark)")[place] for place in (0, 1))
    for name in names:
        assert f"{name}:" in day
        assert f"{name}:" in night.split("}")[0] + night.split("}")[1]


def test_everything_given_is_shown(read: Reader) -> None:
    words = "".join(read.words)
    for piece in ("bytes & files", "12 <MiB>", "✔ equal", "ratio 0.92", "<x86>", "A note <at the end>.", "11.2 us"):
        assert piece in words


def test_both_programs_stand_beside_the_spec_whole(report: Report, read: Reader) -> None:
    words = "".join(read.words)
    for threads, events in report.programs[0].pairs:
        assert events.qualname in words
        for text in (threads.text, events.text, events.spec):
            for line in text.splitlines():
                assert line.strip() in words


def test_lines_are_matched_by_the_line_of_the_spec(read: Reader, report: Report) -> None:
    shown = [attributes["data-line"] for tag, attributes in read.elements if "data-line" in attributes and tag == "div"]
    for threads, events in report.programs[0].pairs:
        for origin in (*filter(None, events.origin), *filter(None, threads.origin)):
            assert str(origin) in shown


def test_what_is_opened_is_open_and_nothing_else(read: Reader) -> None:
    details = [attributes for tag, attributes in read.elements if tag == "details"]
    assert len(details) == 10 + 2
    assert sum("open" in one for one in details) == 2


def test_every_round_is_a_dot(read: Reader) -> None:
    assert sum(tag == "circle" for tag, _ in read.elements) == 4


def test_what_does_not_hold_is_said_first_and_its_difference_shown(report: Report) -> None:
    broken = Finding("graph", ("1", "2"), "differ", False, "only threads <begin>")
    text = "".join(Reader(rendered(evolve(report, holds=False, findings=[broken]))).words)
    assert "Something that must hold does not: see the table." in text
    assert "✘ differ" in text
    assert "only threads <begin>" in text


@pytest.mark.parametrize("empty", [{"programs": []}, {"pictures": []}, {"rounds": {}}, {"findings": []}])
def test_an_empty_part_is_no_broken_page(report: Report, empty: dict[str, Any]) -> None:
    Reader(rendered(evolve(report, **empty)))
