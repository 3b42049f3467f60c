"""A footprint tells what a step has touched, and whether two may change places."""

from hypothesis import given
from hypothesis import strategies as st

from duality.proof.footprints import EVERYTHING, Footprint, Footprints

sets = st.integers(0, 255)
prints = st.builds(Footprint, sets, sets)


@given(prints, prints)
def test_two_steps_are_dependent_if_one_writes_what_the_other_uses(one, other):
    bits = range(8)
    expected = any(
        one.writes >> bit & 1 and (other.reads | other.writes) >> bit & 1
        or other.writes >> bit & 1 and (one.reads | one.writes) >> bit & 1
        for bit in bits
    )  # fmt: skip
    assert one.conflicts(other) is expected
    assert other.conflicts(one) is expected


def test_a_key_keeps_its_bit_from_run_to_run():
    seen = Footprints()
    for _ in range(2):
        seen.begin(0, "0")
        seen.write(("field", "Cell", "value"))
        last = seen.end()
    assert list(seen.told(last)) == ["reads task 0", "writes field Cell value"]
    seen.begin(1, "0.1")
    seen.read(("field", "Cell", "value"))
    assert seen.end().conflicts(last)


def test_everything_is_in_the_way_of_every_step():
    seen = Footprints()
    seen.begin(0, "0")
    seen.everything()
    last = seen.end()
    assert last.writes == EVERYTHING
    seen.begin(1, "0.1")
    assert seen.end().conflicts(last)


def test_what_is_recorded_in_better_words_is_not_recorded_twice():
    seen = Footprints()
    seen.begin(0, "0")
    seen.silent += 1
    seen.write(("gate", "Cell"))
    seen.silent -= 1
    assert list(seen.told(seen.end())) == ["reads task 0"]
