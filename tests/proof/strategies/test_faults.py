"""Faults that are drawn can be said, read again, and used; every kind of them is drawn."""

from collections import Counter

import pytest
from hypothesis import find, given, settings

from duality.core.io.simulated import Faults
from duality.core.io.simulated.sentences import FORMS
from duality.proof.strategies import faults, faults_of
from duality.proof.strategies.chance import Rolled
from duality.proof.strategies.faults import SIGNALS

HOSTS = ("a", "b", "c")
SAME = settings(max_examples=500, database=None, derandomize=True)  # how far one is shrunk depends on what is drawn


@given(faults(most=4, hosts=HOSTS, ports=(80, 81), paths=("/x", "/y"), signals=True))
def test_a_drawn_script_is_what_is_read_from_its_own_text(script):
    assert Faults.parse(str(script)) == script
    assert len(script.script) <= 4


@given(faults(hosts=HOSTS))
def test_nobody_is_cut_off_from_himself(script):
    for sentence in script.script:
        form = FORMS[sentence.kind]
        if "others" in form.arguments:
            one, other = sentence.arguments[:2]
            assert one
            assert other
            assert not set(one) & set(other)


def test_the_simplest_script_says_nothing():
    assert not find(faults(), lambda script: True)


def test_a_script_shrinks_to_the_one_sentence_that_matters():
    found = find(faults(), lambda script: any(one.kind == "EIO" for one in script.script), settings=SAME)
    assert [one.kind for one in found.script] == ["EIO"]


@pytest.mark.parametrize(("hosts", "signals"), [(HOSTS, True), (HOSTS, False), (("localhost",), False)])
def test_every_kind_is_drawn_that_may_be(hosts, signals):
    seen = Counter(
        one.kind
        for number in range(1000)
        for one in faults_of(Rolled(f"{number}"), hosts=hosts, signals=signals).script
    )
    left = {name for name, form in FORMS.items() if "others" in form.arguments and len(hosts) == 1}
    assert set(seen) == set(FORMS) - left - (set() if signals else set(SIGNALS))
    assert min(seen.values()) >= 20
