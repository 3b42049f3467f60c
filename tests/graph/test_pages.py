"""A page holds its frames, a frame its cards, and nothing overlaps."""

from itertools import combinations

from hypothesis import given, settings

from duality.graph import BlockingGraph, Node
from duality.graph.clusters import Card, card
from duality.graph.geometry import Box
from duality.graph.legend import entries
from duality.graph.pages import GAP, MARGIN, compose
from tests.graph.strategies import graphs


def composed(graph, title=""):
    listed = entries([node.kind for node in graph.nodes], ["plain", "loop"])
    return compose([card(graph.of(procedure), procedure) for procedure in graph.procedures], title, listed), listed


@given(graphs())
@settings(deadline=None, max_examples=40)
def test_nothing_overlaps_and_everything_is_on_the_page(graph):
    page, listed = composed(graph, "a title that is longer than many a graph is wide")
    sheet = Box(0.0, 0.0, page.width, page.height)
    signs = Box(*page.legend_at, page.legend.width, page.legend.height)
    frames = [module.box for module in page.modules]
    for one, other in combinations([*frames, signs], 2):
        assert not one.overlaps(other)
    assert all(sheet.holds(box) for box in [*frames, signs])
    for module in page.modules:
        cards = [Box(x, y, one.width, one.height) for one, (x, y) in module.cards]
        assert all(module.box.holds(box) for box in cards)
        for one, other in combinations(cards, 2):
            assert not one.overlaps(other)
    drawn = sorted(one.procedure for module in page.modules for one, _ in module.cards)
    assert drawn == list(graph.procedures)
    assert len(page.legend.places) == len(listed)


def test_procedures_of_one_module_share_a_frame_in_source_order():
    nodes = [Node("B.late", "end", 0, 30), Node("B.early", "end", 0, 10), Node("f", "end", 0, 20)]
    page, _ = composed(BlockingGraph(nodes))
    outline = [(module.name, [one.name for one, _ in module.cards]) for module in page.modules]
    assert outline == [("B", ["early", "late"]), ("", ["f"])]


def test_the_tallest_module_goes_first_where_that_saves_a_good_part_of_the_page():
    sizes = [(150.0, 220.0), (650.0, 320.0), (940.0, 1000.0)]
    cards = [Card(f"M{at}.p", f"M{at}", "p", (at, ""), *size, {}, {}) for at, size in enumerate(sizes)]
    page = compose(cards, "", [])
    first, second, tall = (module.box for module in sorted(page.modules, key=lambda module: module.name))
    assert (tall.x, tall.y) == (MARGIN, MARGIN)
    # Beside it there is room for both others in one column; in source order there is not.
    assert first.x == second.x == tall.right + GAP
