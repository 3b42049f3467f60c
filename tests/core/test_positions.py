"""A position is the span of the source whose instruction is under way, as CPython has it."""

import sys

from duality.core.positions import position


def test_two_calls_on_one_line_stand_at_two_places():
    spans = []

    def asks():
        spans.append(position(sys._getframe(1)))

    asks(), asks()
    (line, column, last, end), other = spans
    assert line == last == other[0]
    assert end - column == len("asks()")
    assert other[1] - column == len("asks(), ")


def test_a_call_over_several_lines_ends_on_the_last():
    spans = []

    def asks(*args):
        spans.append(position(sys._getframe(1)))

    asks(
        1,
        2,
    )
    ((line, _, last, _),) = spans
    assert last == line + 3
