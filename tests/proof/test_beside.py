"""Two traces side by side: to the step where they part, nothing cut off, nothing too wide."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from duality.core.recorder import Step
from duality.graph import BlockingGraph, Node
from duality.proof import Finding, check
from duality.proof.beside import beside, columns, fold, source_line, told
from duality.proof.trial import Trial

from . import samples

NODES = [Node("Main.main", kind, place, place + 3, label) for place, (kind, label) in
         enumerate([("begin", ""), ("wait", "self.full"), ("end", "")])]  # fmt: skip
STEPS = tuple(Step(("0", "0.1"), "0", NODES[:2]) for _ in range(30))
LEFT = Trial("threads", STEPS, {"value": "1"}, BlockingGraph(), (), ())
RIGHT = evolve(LEFT, on="events", steps=(*STEPS[:27], Step(("0.1", "0"), "0.1", NODES, ["signal full"])))


def test_the_last_steps_up_to_the_one_that_differs():
    text = beside(Finding("L1", "", step=27, trials=(LEFT, RIGHT)))
    lines = text.splitlines()
    assert lines[0].split() == ["step", "│", "threads", "│", "events"]
    assert "the steps 0 to 7 are the same" in lines[1]
    assert lines[2].split()[0] == "8"
    assert lines[-1].startswith("  27 │ 0 of {0 0.1}: Main.main begin -> wait:self.full@4")
    assert "0.1 of {0.1 0}" in lines[-1]
    assert "[signal full]" in lines[-1]


def test_the_end_is_shown_where_only_that_differs():
    text = beside(Finding("L2", "", trials=(LEFT, evolve(LEFT, on="events", outcome={"value": "2"}))))
    last = text.splitlines()[-1]
    assert "value: 1" in last
    assert "value: 2" in last


def test_a_run_that_has_ended_or_was_offered_something_else():
    assert "(the run has ended)" in beside(Finding("L1", "", step=28, trials=(LEFT, RIGHT)))
    cut = evolve(RIGHT, steps=(*STEPS[:5], Step(("0.9",), "0.9")), outcome={"cut": "so"})
    assert "offers {0.9}" in beside(Finding("L1", "", step=5, trials=(LEFT, cut))).splitlines()[-1]


def test_no_run_no_traces():
    assert beside(Finding("L3", "graphs")) == ""


@given(st.integers(30, 200))
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(width):
    found = Finding("L1", "", step=27, trials=(LEFT, RIGHT))
    text = beside(found, width)
    assert max(map(columns, text.splitlines())) <= max(width, 4 + 2 * 3 + 2 * 12)
    assert text.count("begin") == beside(found).count("begin")


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" ") | st.just("漢")), st.integers(6, 40))
def test_a_folded_text_fits_and_loses_only_blanks(text, width):
    pieces = list(fold(text, width))
    assert all(columns(piece) <= width for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_wide_character_takes_two_columns():
    assert columns("a漢é") == 4
    assert columns("e\N{COMBINING ACUTE ACCENT}") == 1


def test_all_of_a_finding():
    found = check(samples.racy).finding
    text = told(found, 80, "the file.json", "samples.py:racy")
    assert text.startswith(f"{found.place}: assertion: some of it is lost")
    assert source_line(found.place).endswith('assert self.total == self.paid, "some of it is lost"')
    assert source_line(found.place) in text
    assert text.endswith("duality check samples.py:racy --replay 'the file.json'")
    assert "step │ " in text


@pytest.mark.parametrize("place", ["", "nowhere.py:1", "no number:x"])
def test_no_line_of_a_spec(place):
    assert source_line(place) == ""
