"""A verdict is true if the law held, and can be read."""

import pytest

from duality.proof import Finding, Setting, Verdict
from duality.proof.verdict import LAWS


def test_a_verdict_reads_as_a_sentence():
    held = Verdict(10, 30, 1200, 0.5, 3, 4, allowed={"leak": 2}, name="app")
    assert held
    assert (
        str(held)
        == "app: 10 schedules, 30 runs, 1,200 steps in 0.50 s; 3 of 4 edges walked; allowed: leak 2 times\nheld"
    )
    broken = Verdict(1, 3, 9, 0.5, 3, 4, Finding("L1", "they differ", "a.py:3"), "x.json")
    assert not broken
    assert "a.py:3: L1: they differ" in str(broken)
    assert "--replay x.json" in str(broken)


def test_nothing_that_ran_is_no_verdict_unless_something_was_found():
    with pytest.raises(ValueError, match="ran nothing"):
        Verdict(0, 0, 0, 0.0, 0, 0)
    assert not Verdict(0, 0, 0, 0.0, 0, 0, Finding("L3", "graphs"))


def test_a_setting_reads_as_what_one_would_give():
    setting = Setting({"size": 3}, word=(0, 1), faults="at 1 s: heal")
    assert str(setting) == "size=3, crossing=direct, word=[0, 1], faults='at 1 s: heal'"


@pytest.mark.parametrize("law", ["L1", "L2", "L3", "L4", "L5", "invariant", "assertion", "error", "deadlock",
                                 "lost wake-up", "starvation", "leak", "nondeterminism"])  # fmt: skip
def test_every_law_says_what_it_is(law):
    assert LAWS[law]
