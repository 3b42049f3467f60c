"""Sums of marks: up to the first finding, in whatever order they come."""

from hypothesis import given
from hypothesis import strategies as st

from duality.graph import Edge, Node
from duality.proof.case import Case
from duality.proof.plan import CROSSINGS, KINDS, Plan
from duality.proof.tally import Mark, Player, Tally

from . import samples

EDGES = [Edge(Node("p", "begin", 0, line), Node("p", "end", 1, line)) for line in range(6)]
edges = st.frozensets(st.sampled_from(EDGES))
made = st.tuples(st.integers(1, 4), st.integers(0, 50), edges, st.sampled_from([(), ("leak",)]), st.booleans())


def add(marks):
    tally = Tally()
    for mark in marks:
        tally.add(mark)
    tally.close()
    return tally.schedules, tally.runs, tally.steps, tally.edges, tally.allowed, tally.first


@given(st.lists(made, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_and_what_lies_behind_a_finding_change_nothing(parts, chance):
    marks = [Mark(number, *part) for number, part in enumerate(parts)]
    first = next((mark.number for mark in marks if mark.found), len(marks))
    shuffled = chance.sample(marks, len(marks))
    assert add(shuffled) == add(marks[: first + 1])
    assert add(marks)[0] == min(first + 1, len(marks))


def test_a_player_stops_at_the_first_finding_and_counts_what_is_allowed():
    plan = Plan(10, 0, tuple(KINDS), CROSSINGS)
    marks = list(Player(Case(samples.lonely), plan, {"how": "leak"}, ()).marks(range(10)))
    assert [mark.found for mark in marks] == [True]
    marks = list(Player(Case(samples.lonely), plan, {"how": "leak"}, ("leak",)).marks(range(10)))
    assert [mark.allowed for mark in marks] == [("leak",)] * 10
    assert [mark.runs for mark in marks] == [3] * 6 + [4] + [3] * 3  # run 19 is made again
    assert not any(mark.edges & other.edges for mark in marks for other in marks if mark is not other)


def test_a_run_is_about_as_long_as_the_oracles_first_in_first_out():
    player = Player(Case(samples.racy), Plan(10, 0, tuple(KINDS), CROSSINGS), {}, ())
    assert player.length("direct") == 12
    assert player.length("queued") > player.length("direct")
