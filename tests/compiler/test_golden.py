"""The generated texts, case by case, as data; and that the three readers find one graph in each."""

from pathlib import Path

import pytest

from duality.compiler import graph_of
from tests.compiler.fuzz.compare import load
from tests.compiler.golden import CASES, Case, cases, compiled, spec_of, write

FILES = sorted(CASES.glob("*.case"))
EVERY = [pytest.param(case, id=f"{file.stem}: {case.name}") for file in FILES for case in cases(file)]


@pytest.mark.parametrize("case", EVERY)
def test_the_text_is_the_one_that_was_reviewed(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    now = compiled(case, tmp_path)
    if request.config.getoption("--update-golden", False):
        write(case.file, [Case(case.file, one.name, now) if one.name == case.name else one for one in cases(case.file)])
        return
    for section, text in now.items():
        assert text == case.sections.get(section, "").rstrip("\n"), f"{case.file.name}, [{section}] of {case.name}"


@pytest.mark.parametrize("case", EVERY)
def test_three_readers_find_one_graph(case: Case, tmp_path: Path) -> None:
    module = load(spec_of(case), tmp_path)
    spec, events, threads = (graph_of(module.Shop, text) for text in ("spec", "events", "threads"))
    assert spec == events, spec.diff(events, left="spec", right="events")
    assert spec == threads, spec.diff(threads, left="spec", right="threads")


def test_no_two_cases_share_a_name() -> None:
    names = [case.name for file in FILES for case in cases(file)]
    assert len(names) == len(set(names))
