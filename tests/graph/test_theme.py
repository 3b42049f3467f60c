"""Every kind has a look of its own, legible on its own fill; text widths are never underestimated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.graph import KINDS
from duality.graph.theme import LOOKS, PLAIN, look, printable, shortened, text_width


def luminance(colour):
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_each_kind_has_a_shape_of_its_own():
    assert set(LOOKS) == set(KINDS)
    assert len({style.shape for style in LOOKS.values()}) == len(KINDS)
    assert look("strange") == PLAIN


@pytest.mark.parametrize("kind", [*KINDS, "strange"])
def test_the_word_for_the_kind_can_be_read_on_its_fill(kind):
    style = look(kind)
    contrast = (luminance(style.fill) + 0.05) / (luminance(style.stroke) + 0.05)
    assert contrast >= 4.5  # WCAG 2 level AA for small text


def test_wide_letters_take_two_columns():
    assert text_width("条件", 10) == text_width("abcd", 10)


@given(st.text(max_size=40), st.integers(3, 30))
def test_a_shortened_text_keeps_both_ends_and_its_limit(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short[0] == text[0] and short[-1] == text[-1] and "…" in short


@given(st.text())
def test_printable_text_is_one_printable_line(text):
    assert printable(text).isprintable()
    assert printable(text) == printable(printable(text))
