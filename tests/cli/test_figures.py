"""Numbers keep three figures and never an exponent."""

import pytest

from duality.cli.figures import seconds, size, three


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.01234, "0.0123"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (1234.5, "1234")],
)
def test_three_figures(value: float, text: str) -> None:
    assert three(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.2345, "1.23 s"), (0.35, "350 ms"), (0.0123, "12.3 ms"), (1.23e-5, "12.3 us")]
)
def test_seconds_have_a_unit_that_fits(value: float, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0 B"), (512, "512 B"), (8192, "8.00 KiB"), (24_641_536, "23.5 MiB")])
def test_sizes_have_a_unit_that_fits(value: int, text: str) -> None:
    assert size(value) == text
