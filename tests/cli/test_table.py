"""A sentence is folded between words where somebody looks at it, and in a file not at all."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from duality.cli.table import say

SENTENCES = st.lists(st.text("abc.:/-_", min_size=1, max_size=12), min_size=1, max_size=40).map(" ".join)


def said(text: str, width: int, terminal: bool) -> list[str]:
    """The lines that are printed."""
    file = io.StringIO()
    say(Console(file=file, width=width, force_terminal=terminal, color_system=None), Text(text))
    return file.getvalue().removesuffix("\n").split("\n")


@given(text=SENTENCES, width=st.integers(20, 80))
def test_a_terminal_breaks_no_word_that_fits(text: str, width: int) -> None:
    lines = said(text, width, terminal=True)
    assert max(map(len, lines)) <= width
    assert [word for line in lines for word in line.split()] == text.split()


@given(text=SENTENCES, width=st.integers(20, 80))
def test_a_file_has_the_line_whole(text: str, width: int) -> None:
    assert said(text, width, terminal=False) == [text]


@pytest.mark.parametrize("width", [20, 33])
def test_a_word_that_does_not_fit_is_not_lost(width: int) -> None:
    long = "examples/" * 9
    assert "".join(said(long, width, terminal=True)) == long
