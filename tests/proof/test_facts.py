"""What a watcher has found, as data: equal where it says the same, and read as one sentence with its circle below."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from duality.proof.facts import Fact

texts = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5)
facts = st.builds(
    Fact, texts, texts, texts | st.just(""), st.none() | st.integers(0), st.tuples(texts), st.lists(texts).map(tuple)
)


@given(facts)
def test_it_begins_with_its_place_if_it_has_one_and_has_a_line_for_each_arc(fact):
    first, *arcs = str(fact).split("\n")
    assert first == (f"{fact.place}: " if fact.place else "") + f"{fact.kind}: {fact.said}"
    assert arcs == [f"  {one}" for one in fact.cycle]


@given(facts)
def test_it_goes_from_process_to_process_and_into_sets(fact):
    back = pickle.loads(pickle.dumps(fact))
    assert back == fact
    assert {back, fact} == {fact}
