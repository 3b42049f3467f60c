"""Schedules that shrink to the one with the fewest surprises."""

from hypothesis import strategies as st

from duality.proof.schedule import Schedule


def schedules(length: int = 60, width: int = 6) -> st.SearchStrategy[Schedule]:
    """Schedules of up to ``length`` chosen steps among the first ``width`` tasks offered; then the current goes on.

    They shrink towards the empty word, where every task runs as long as it can.
    """
    words = st.lists(st.integers(0, width - 1), max_size=length)
    return words.map(Schedule.wrapped)
