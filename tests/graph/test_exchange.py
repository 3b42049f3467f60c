"""Graphs for networkx, when it is there, and a useful sentence when it is not."""

import sys

import pytest

from duality.graph import to_networkx
from tests.graph.strategies import BUFFER, END, WAIT


def test_networkx_gets_every_node_and_edge():
    pytest.importorskip("networkx")
    theirs = to_networkx(BUFFER)
    assert set(theirs.nodes) == set(BUFFER.nodes)
    assert set(theirs.edges) == {(edge.source, edge.target) for edge in BUFFER.edges}
    assert theirs.nodes[WAIT]["label"] == "self.not_full"
    assert theirs.has_edge(WAIT, END)
    assert BUFFER.to_networkx().adj == theirs.adj


def test_without_networkx_the_error_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ImportError, match=r"needs networkx.*duality\[bench\]"):
        to_networkx(BUFFER)
