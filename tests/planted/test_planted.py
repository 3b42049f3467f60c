"""Every fault that is planted is found; and without one, nothing is."""

from importlib import import_module

import pytest

from tests.planted.__main__ import PAGE
from tests.planted.catalogue import CATALOGUE, Fault
from tests.planted.catching import caught, verdict_of
from tests.planted.planting import planted
from tests.planted.suite import SUITE

FAULTS = [fault for faults in CATALOGUE.values() for fault in faults]


@pytest.fixture(autouse=True)
def not_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at what is found here."""
    monkeypatch.setattr(import_module("duality.proof.check"), "shrunk", lambda case, finding: (finding, False))


@pytest.mark.parametrize("name", SUITE)
def test_nothing_is_found_where_nothing_is_planted(name: str) -> None:
    assert verdict_of(name) is None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_found(fault: Fault) -> None:
    assert caught(fault) is not None


def test_a_fault_is_gone_with_its_block() -> None:
    fault = FAULTS[0]
    with planted(fault.where, fault.right, fault.wrong):
        assert verdict_of(fault.on) is not None
    assert verdict_of(fault.on) is None


def test_what_the_source_does_not_say_once_cannot_be_changed() -> None:
    with (
        pytest.raises(ValueError, match=r"Gate.release says 'no such thing' 0 times"),
        planted(FAULTS[0].where, "no such thing", "anything"),
    ):
        pass


def test_the_page_has_every_fault() -> None:
    page = PAGE.read_text()
    assert [fault.what for fault in FAULTS if f"| {fault.what} |" not in page] == []
    assert "**nothing**" not in page
