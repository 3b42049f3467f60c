"""``graph``: three texts, one graph; as text, and as files of three kinds."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result

from duality.cli.graph import first_difference
from duality.graph import BlockingGraph, Edge, Node

Invoke = Callable[..., Result]
Spec = Callable[..., Path]
BEGIN, WAIT, END = (Node("P.p", kind, place, place + 1) for place, kind in enumerate(["begin", "wait", "end"]))


def test_the_graph_is_printed_and_its_three_texts_agree(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("graph", "counter.py")
    assert result.exit_code == 0
    assert "Counter.add\n  begin@10 -> enter@10\n  enter@10 -> yield@12\n  yield@12 -> end@14\n" in result.stdout
    wanted = "the graphs of the spec, of the events text and of the threads text are equal: 7 nodes, 7 edges\n"
    assert result.stdout.endswith(wanted)


@pytest.mark.parametrize("suffix", ["svg", "dot", "txt"])
def test_it_is_written_where_it_is_wanted(invoke: Invoke, spec: Spec, tmp_path: Path, suffix: str) -> None:
    spec()
    result = invoke("graph", "counter.py", "-o", f"out.{suffix}")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"written to out.{suffix}\n")
    text = (tmp_path / f"out.{suffix}").read_text()
    assert "Counter" in text
    if suffix == "svg":
        assert ElementTree.fromstring(text).tag.endswith("svg")


def test_another_suffix_is_bad_input(invoke: Invoke, spec: Spec, tmp_path: Path) -> None:
    spec()
    result = invoke("graph", "counter.py", "-o", "out.png")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "out.png: the name has to end in .svg, .dot, .txt.\n"
    assert not (tmp_path / "out.png").exists()


def test_a_place_that_cannot_be_written_is_bad_input(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("graph", "counter.py", "-o", "nowhere/out.svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "nowhere/out.svg: cannot be written: no such file or directory.\n"


def test_graphs_that_differ_are_told_edge_by_edge(invoke: Invoke, spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    right = BlockingGraph.from_edges([Edge(BEGIN, WAIT), Edge(WAIT, END)])
    wrong = BlockingGraph.from_edges([Edge(BEGIN, END)])
    assert first_difference({"spec": right, "events": right, "threads": right}) == ""
    monkeypatch.setattr("duality.cli.graph.graph_of", lambda app, text: wrong if text == "threads" else right)
    spec()
    result = invoke("graph", "counter.py")
    assert result.exit_code == 1
    assert "the graphs of the spec and of the threads text differ:" in result.stdout
    assert "only spec     begin@1 -> wait@2" in result.stdout
    assert "only threads  begin@1 -> end@3" in result.stdout
