"""Whole procedures, random and remembered: the compiled programs do what CPython's coroutines do.

The corpus has a program for every difference that was ever found. More random programs, for as long as one likes:
``python -m tests.compiler.fuzz --examples 5000 --seed 7``.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.compiler.fuzz.__main__ import CORPUS, difference, kind
from tests.compiler.fuzz.census import census
from tests.compiler.fuzz.programs import programs
from tests.compiler.fuzz.reduce import reduced

REMEMBERED = sorted(CORPUS.glob("*.py"))
EXAMPLES = 15  # in each of four parts, which parallel runs share out


@pytest.mark.parametrize("program", REMEMBERED, ids=lambda program: program.stem)
def test_no_difference_comes_back(program: Path, tmp_path: Path) -> None:
    found = difference(program.read_text(), tmp_path)
    assert not found, found


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # random programs forget to await
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # and to close what they went through
@pytest.mark.parametrize(("start", "size"), [(1, 40), (2, 60), (3, 60), (4, 120)])
def test_random_programs_are_the_same_program_three_times(start: int, size: int, tmp_path: Path) -> None:
    @seed(start)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(programs(size))
    def search(text: str) -> None:
        found = difference(text, tmp_path)
        if found:
            small = reduced(text, lambda smaller: kind(difference(smaller, tmp_path, found)) == kind(found))
            pytest.fail(f"{small}\n{difference(small, tmp_path, found)}", pytrace=False)

    search()


def test_reducing_keeps_what_fails_and_nothing_else() -> None:
    text = "def f():\n    a = 1\n    if a:\n        b = g(2, h(3))\n    return a\n"
    assert reduced(text, lambda smaller: "h(3)" in smaller) == "def f():\n    b = h(3)\n"


def test_the_census_knows_what_is_rare() -> None:
    text = "async def f(g):\n    async with g as a, a:\n        return [await b async for b in a if await b]\n"
    found = census(text)
    assert found["async with of 2"] == found["ListComp that rests"] == found["ListComp with async for"] == 1
    assert found["a condition of a comprehension that rests"] == 1
    assert not found["a later iterable that rests"]
