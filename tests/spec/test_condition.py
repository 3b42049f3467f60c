"""A condition belongs to the module that declares it, and outside a run it has nobody to wake."""

import pytest
from attrs import field

from duality import Condition, module


@module
class Desk:
    opened: Condition = field(factory=Condition)
    closed: Condition = field(factory=Condition)


@module
class Borrower:
    """Holds a condition of another module: it stays the other's."""

    desk: Desk
    borrowed: Condition


def test_a_condition_is_named_by_the_field_that_declares_it():
    desk = Desk()
    assert (desk.opened.name, desk.closed.name) == ("opened", "closed")
    assert desk.opened.owner is desk
    assert repr(desk.opened) == "Condition(opened)"


def test_the_first_owner_keeps_it():
    desk = Desk()
    borrower = Borrower(desk, desk.opened)
    assert borrower.borrowed.owner is desk
    assert borrower.borrowed.name == "opened"


def test_outside_a_run_a_signal_wakes_nobody_and_a_wait_is_an_error():
    desk = Desk()
    desk.opened.signal()
    desk.opened.broadcast()
    with pytest.raises(RuntimeError, match=r"condition opened: wait\(\) outside a run"):
        desk.opened.wait()
    with pytest.raises(RuntimeError, match="not a field of a module"):
        Condition().wait()


def test_two_modules_of_a_class_have_conditions_of_their_own():
    assert Desk().opened is not Desk().opened
