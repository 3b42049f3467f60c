"""Values as JSON: what comes back is what went in, or says that it is not."""

import json

from hypothesis import given
from hypothesis import strategies as st

from duality.core.io.simulated.wires import Link
from duality.proof.coded import Unwritten, decoded, encoded

simple = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
keys = st.integers() | st.text() | st.tuples(st.integers(), st.text())
values = st.recursive(
    simple,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.frozensets(keys)
        | st.sets(keys)
    ),
    max_leaves=12,
)


@given(values)
def test_what_comes_back_is_equal_and_of_the_same_type(value):
    back = decoded(json.loads(json.dumps(encoded(value))))
    assert back == value
    assert repr(type(back)) == repr(type(value))


def test_ranges_links_and_what_no_file_can_hold():
    assert decoded(encoded(range(1, 9, 2))) == range(1, 9, 2)
    assert decoded(encoded(Link((0.1, 0.2), 5.0))) == Link((0.1, 0.2), 5.0)
    assert decoded(encoded([len])) == [Unwritten("<built-in function len>")]
