"""Graphs to draw from: one small known program, and random ones far wilder than any compiler would make."""

from hypothesis import strategies as st

from duality.graph import KINDS, BlockingGraph, Edge, Node

PUT = "Buffer.put"
BEGIN = Node(PUT, "begin", 0, 12)
ENTER = Node(PUT, "enter", 1, 12)
WAIT = Node(PUT, "wait", 2, 15, "self.not_full")
END = Node(PUT, "end", 3, 17)
PUT_EDGES = [Edge(BEGIN, ENTER), Edge(ENTER, WAIT), Edge(ENTER, END), Edge(WAIT, WAIT), Edge(WAIT, END)]

MAIN = "Main.main"
MAIN_BEGIN = Node(MAIN, "begin", 0, 30)
FIRST = Node(MAIN, "call", 1, 32, "self.buffer.put")
SECOND = Node(MAIN, "call", 2, 33, "self.buffer.put")
MAIN_END = Node(MAIN, "end", 3, 34)
MAIN_EDGES = [Edge(MAIN_BEGIN, FIRST), Edge(FIRST, SECOND), Edge(SECOND, FIRST), Edge(SECOND, MAIN_END)]

BUFFER = BlockingGraph.from_edges(PUT_EDGES + MAIN_EDGES)
"""A bounded buffer's `put`, and a `main` that calls it twice in a loop."""

labels = st.sampled_from(
    ["", "self.not_full", "a < b & c > d", 'say("]]>")', "x" * 70, "日本語の条件", "line\nbreak\x00"]
)
procedures = st.sampled_from(["A.p", "A.q", "B.p", "lonely", "make.<locals>.C.run"])


@st.composite
def parts(draw: st.DrawFn, procedure: str, most: int = 7) -> BlockingGraph:
    """One procedure, its nodes joined at random: cycles, loners and unreachable ends included."""
    kinds = draw(st.lists(st.sampled_from([*KINDS, "strange"]), min_size=1, max_size=most))
    nodes = [
        Node(procedure, kind, ordinal, draw(st.integers(1, 40)), draw(labels)) for ordinal, kind in enumerate(kinds)
    ]
    pairs = draw(st.sets(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)), max_size=2 * most))
    return BlockingGraph(nodes, [Edge(source, target) for source, target in pairs])


@st.composite
def graphs(draw: st.DrawFn) -> BlockingGraph:
    """Up to four procedures."""
    whole = BlockingGraph()
    for procedure in draw(st.sets(procedures, max_size=4)):
        whole = whole | draw(parts(procedure))
    return whole


@st.composite
def edge_sets(draw: st.DrawFn) -> BlockingGraph:
    """Graphs over one small set of nodes, so that two of them often have edges in common."""
    nodes = [Node("A.p", "io", ordinal, ordinal + 1) for ordinal in range(3)]
    pairs = draw(st.sets(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))))
    return BlockingGraph(draw(st.sets(st.sampled_from(nodes))), [Edge(*pair) for pair in pairs])


@st.composite
def digraphs(draw: st.DrawFn, most: int = 10) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """Box sizes and edges by number, as the layout takes them."""
    count = draw(st.integers(0, most))
    sizes = [(float(draw(st.integers(40, 300))), float(draw(st.integers(20, 50)))) for _ in range(count)]
    ends = st.integers(0, max(count - 1, 0))
    pairs = draw(st.sets(st.tuples(ends, ends), max_size=3 * count)) if count else set()
    return sizes, sorted(pairs)
