"""Folding loses nothing and keeps to its width, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.cli.columns import Columns, coloured, fold


@given(st.text(alphabet="ab (),.", max_size=200), st.integers(min_value=8, max_value=60))
def test_a_folded_line_fits_and_says_the_same(text: str, width: int) -> None:
    pieces = fold(text, width)
    assert all(inside + end - start <= width for start, end, inside in pieces)
    assert "".join(text[start:end] for start, end, _ in pieces).replace(" ", "") == text.replace(" ", "")


def test_a_line_is_rather_cut_at_a_blank_than_within_a_word() -> None:
    text = "    result = first_name(second_name, third_name)"
    assert [text[start:end].strip() for start, end, _ in fold(text, 40)] == [
        "result = first_name(second_name,",
        "third_name)",
    ]


@pytest.mark.parametrize("lines", [["x = 1", "", "y = 2"], ["", "x"], ["x", ""], [""], ['"""a', 'b"""', "c"]])
def test_colouring_keeps_every_line(lines: list[str]) -> None:
    assert [text.plain for text in coloured(lines)] == lines


def test_columns_are_as_wide_as_they_need_to_be_and_share_what_there_is() -> None:
    assert Columns.fitting(300, 400, None) == Columns(300, 400)
    assert Columns.fitting(20, 30, 100) == Columns(20, 30)
    narrow = Columns.fitting(200, 200, 100)
    assert narrow.left + narrow.right == 92
    assert Columns.fitting(20, 200, 100).left == 20
