"""Highlighting changes no letter, keeps every line, and escapes what HTML would misread."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.view.highlight import highlighted

LETTERS = st.text(alphabet="ab1 <>&\"'#@(\\:=\té", max_size=40)


@given(st.lists(LETTERS, min_size=1, max_size=8))
def test_without_its_markup_every_line_is_what_it_was(lines: list[str]) -> None:
    found = highlighted(lines)
    assert [unescape(re.sub(r"</?span[^>]*>", "", line)) for line in found] == lines
    for line in found:
        assert line.count("<span") == line.count("</span>")


@pytest.mark.parametrize(
    ("line", "markup"),
    [
        ("return 1", '<span class="k">return</span> <span class="n">1</span>'),
        ("# why", '<span class="c"># why</span>'),
        ("x < y", "x &lt; y"),
        ("@entry", '<span class="d">@entry</span>'),
    ],
)
def test_what_is_what_has_a_class(line: str, markup: str) -> None:
    assert highlighted([line]) == [markup]


def test_a_string_over_several_lines_stays_one() -> None:
    first, second = highlighted(['"""one', 'two"""'])
    assert 'class="s"' in first
    assert 'class="s"' in second
