"""Whatever is done to the attributes of a class or a function is seen, and nobody's ``==`` is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.attributes import Attributes


class Equal:
    """Equal to everything, or so it says."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        raise AssertionError("nobody asks")


GONE = object()
VALUES = [Equal(), Equal(), None, 1]
changes = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([*VALUES, GONE])), max_size=5)


def changed(thing, steps):
    for name, value in steps:
        if value is not GONE:
            setattr(thing, name, value)
        elif name in vars(thing):
            delattr(thing, name)


def as_seen(thing):
    return [(name, id(value)) for name, value in vars(thing).items()]


@pytest.mark.parametrize("make", [lambda: type("Some", (), {}), lambda: lambda: None], ids=["class", "function"])
@given(before=changes, after=changes)
def test_they_are_the_same_exactly_if_names_order_and_objects_are(make, before, after):
    thing = make()
    changed(thing, before)
    seen, look = as_seen(thing), Attributes(thing)
    assert look.same()
    changed(thing, after)
    assert look.same() == (as_seen(thing) == seen)


def test_what_is_inherited_is_not_looked_at():
    base = type("Base", (), {})
    derived = type("Derived", (base,), {})
    look = Attributes(derived)
    base.new = 1
    assert look.same()
