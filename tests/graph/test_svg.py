"""The picture: well-formed, complete, within its page, the same every time, and animatable."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings

from duality.graph import KINDS, BlockingGraph, Edge, edge_id, node_id, to_svg
from tests.graph.strategies import BEGIN, BUFFER, END, ENTER, PUT, PUT_EDGES, WAIT, graphs

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text):
    return ET.fromstring(text)


def groups(root, name):
    """The groups that have a class, by id; the legend's have no id."""
    found = [group for group in root.iter(f"{SVG}g") if name in (group.get("class") or "").split() and group.get("id")]
    assert len({group.get("id") for group in found}) == len(found)
    return {group.get("id"): group for group in found}


def classes(root, part):
    found = groups(root, "node")[node_id(part)] if part in BUFFER.nodes else groups(root, "edge")[edge_id(part)]
    return set(found.get("class").split())


@given(graphs())
@settings(deadline=None, max_examples=40)
def test_every_node_and_every_edge_is_drawn_once_and_named(graph):
    root = parsed(to_svg(graph))
    nodes, edges = groups(root, "node"), groups(root, "edge")
    assert set(nodes) == {node_id(node) for node in graph.nodes}
    assert set(edges) == {edge_id(edge) for edge in graph.edges}
    for edge in graph.edges:
        drawn = edges[edge_id(edge)]
        assert (drawn.get("data-from"), drawn.get("data-to")) == (node_id(edge.source), node_id(edge.target))
        assert {path.get("class") for path in drawn.iter(f"{SVG}path")} == {"halo", "line", "head"}
    for node in graph.nodes:
        assert f":{node.line}" in "".join(nodes[node_id(node)].find(f"{SVG}text").itertext())


@given(graphs())
@settings(deadline=None, max_examples=40)
def test_everything_is_within_the_view(graph):
    root = parsed(to_svg(graph, title="t"))
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    for card in root.iter(f"{SVG}g"):
        if card.get("class") == "procedure":
            dx, dy = (float(number) for number in re.findall(r"[\d.]+", card.get("transform")))
            for part in card.iter():
                for x, y in corners(part):
                    assert 0 <= x + dx <= width
                    assert 0 <= y + dy <= height


def corners(part):
    """Points whose hull holds the element: corners of rectangles, all points of paths (control points included)."""
    if part.tag == f"{SVG}rect" and part.get("class") != "halo":
        x, y, wide, tall = (float(part.get(name)) for name in ("x", "y", "width", "height"))
        return [(x, y), (x + wide, y + tall)]
    if part.tag == f"{SVG}path":
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", part.get("d"))]
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    return []


def test_a_picture_needs_nothing_but_itself():
    text = to_svg(BUFFER, title="buffer", walked=PUT_EDGES, highlight=[WAIT])
    assert re.findall(r"https?://[^\"' ]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|<image|<use|href|url\(|@import", text)


def test_the_same_picture_in_every_process():
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from tests.graph.strategies import BUFFER, PUT_EDGES, WAIT\n"
        "sys.stdout.write(BUFFER.to_svg(walked=PUT_EDGES[:2], highlight=[WAIT, PUT_EDGES[3]]))"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    pictures = {
        subprocess.run(
            [sys.executable, *flags, "-c", program, root],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed, flags in (("0", []), ("1", ["-O"]), ("4242", []))
    }
    assert len(pictures) == 1
    assert pictures.pop().startswith(b"<svg")


def test_a_node_shows_kind_label_and_line_and_explains_itself():
    drawn = groups(parsed(to_svg(BUFFER)), "node")[node_id(WAIT)]
    assert "".join(drawn.find(f"{SVG}text").itertext()) == "wait self.not_full :15"
    assert drawn.find(f"{SVG}title").text == f"Buffer.put wait:self.not_full (line 15): {KINDS['wait']}"
    assert {name: drawn.get(f"data-{name}") for name in ("procedure", "kind", "ordinal", "line")} == {
        "procedure": PUT,
        "kind": "wait",
        "ordinal": "2",
        "line": "15",
    }


def test_a_run_is_drawn_over_the_graph_it_walked():
    stray = Edge(END, ENTER)
    walked = [Edge(BEGIN, ENTER), Edge(ENTER, END), stray]
    root = parsed(to_svg(BUFFER, walked=walked))
    assert "walked" in classes(root, Edge(BEGIN, ENTER))
    assert "unwalked" in classes(root, Edge(WAIT, WAIT))
    assert "foreign" in classes(root, stray)
    assert "walked" in classes(root, END)
    assert "unwalked" in classes(root, WAIT)
    assert to_svg(BUFFER, walked=BlockingGraph.from_edges(walked)) == to_svg(BUFFER, walked=walked)


def test_a_run_that_walked_nothing_is_not_the_same_as_no_run():
    assert "unwalked" in classes(parsed(to_svg(BUFFER, walked=[])), WAIT)
    assert "unwalked" not in classes(parsed(to_svg(BUFFER)), WAIT)


def test_loops_and_highlights_have_classes_of_their_own():
    root = parsed(to_svg(BUFFER, highlight=[WAIT, Edge(WAIT, END)]))
    assert "loop" in classes(root, Edge(WAIT, WAIT))
    assert "loop" not in classes(root, Edge(WAIT, END))
    assert [part for part in (*BUFFER.nodes, *BUFFER.edges) if "highlight" in classes(root, part)] == [
        WAIT,
        Edge(WAIT, END),
    ]


def test_two_pictures_on_one_page_can_have_different_ids():
    root = parsed(to_svg(BUFFER, prefix="left-"))
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(ids) == len(BUFFER.nodes) + len(BUFFER.edges)
    assert all(name.startswith("left-") for name in ids)
    ends = {edge.get(f"data-{end}") for edge in groups(root, "edge").values() for end in ("from", "to")}
    assert ends <= set(ids)


@pytest.mark.parametrize("with_legend", [True, False])
def test_the_legend_can_be_left_out(with_legend):
    assert ('class="legend"' in to_svg(BUFFER, with_legend=with_legend)) == with_legend


def test_an_empty_graph_is_an_empty_page():
    root = parsed(to_svg(BlockingGraph(), title="nothing"))
    assert root.find(f"{SVG}text").text == "nothing"
    assert not groups(root, "node")
