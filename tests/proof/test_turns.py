"""Taking turns: nobody is passed over, whatever is offered in between."""

from hypothesis import given
from hypothesis import strategies as st

from duality.proof.turns import rank, turns

NAMES = ["0", "0.1", "0.2", "0.2.1", "0.10"]


def test_numbers_compare_as_numbers():
    assert sorted(["0.10", "0.2.1", "0.2", "0"], key=rank) == ["0", "0.2", "0.2.1", "0.10"]


@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=1), max_size=60))
def test_a_task_that_stays_ready_is_passed_over_by_no_other_twice(offers):
    choose = turns()
    passed = {name: [] for name in NAMES}
    for step, ready in enumerate(offers):
        offered = tuple(sorted(ready))
        chosen = offered[choose(step, offered)]
        for name in NAMES:
            if name == chosen or name not in ready:
                passed[name] = []
            else:
                assert chosen not in passed[name]
                passed[name].append(chosen)
