"""The blocking graph for other people's algorithms.

Rule: networkx is imported only here and only when asked for, so the library runs without it.
"""

from importlib import import_module
from typing import Any

from duality.graph.graph import BlockingGraph


def to_networkx(graph: BlockingGraph) -> Any:
    """A ``networkx.DiGraph`` whose nodes are this graph's ``Node`` objects.

    Every node carries ``procedure``, ``kind``, ``ordinal``, ``line`` and ``label`` as attributes too.
    Raises ImportError, naming the extra to install, if networkx is absent.
    """
    try:
        networkx = import_module("networkx")
    except ImportError as error:
        raise ImportError(
            "to_networkx() needs networkx, which is not installed; install it with `pip install 'duality[bench]'`."
        ) from error
    result = networkx.DiGraph()
    for node in graph.nodes:
        result.add_node(
            node, procedure=node.procedure, kind=node.kind, ordinal=node.ordinal, line=node.line, label=node.label
        )
    result.add_edges_from((edge.source, edge.target) for edge in graph.edges)
    return result
