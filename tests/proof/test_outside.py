"""State that no module holds is noticed when it changes, and a constant is not in the way."""

import pytest

from duality import module, procedure
from duality.errors import SpecError
from duality.proof.outside import Outside

TABLE = {"a": [1]}
COUNT = 0


@module
class Reader:
    names = []  # noqa: RUF012

    @procedure
    async def main(self, start=[]):  # noqa: B006
        global COUNT
        COUNT = COUNT
        return TABLE, start


@pytest.fixture
def outside():
    found = Outside([Reader])
    yield found
    TABLE["a"][:] = [1]
    Reader.names.clear()
    globals()["COUNT"] = 0


def test_what_is_only_read_is_no_state(outside):
    outside.unchanged()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: TABLE["a"].append(2), "the global `TABLE`"),
        (lambda: globals().update(COUNT=1), "the global `COUNT`"),
        (lambda: Reader.names.append(1), "the class attribute Reader.names"),
    ],
)
def test_a_change_is_told_with_its_place(outside, change, said):
    change()
    with pytest.raises(SpecError, match=said) as caught:
        outside.unchanged()
    assert caught.value.file == __file__


def test_a_variable_that_procedures_close_over_is_state():
    held = []

    @module
    class Closing:
        @procedure
        async def main(self):
            held.append(1)

    outside = Outside([Closing])
    outside.unchanged()
    held.append(1)
    with pytest.raises(SpecError, match="the variable `held` around main"):
        outside.unchanged()
