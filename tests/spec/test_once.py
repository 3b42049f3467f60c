"""What is worked out of a class is found once, and again when anything that it is made of has been replaced."""

import pytest

from duality.spec.once import Look, once


class Asked:
    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return self.times


@pytest.fixture
def line():
    class Base:
        inherited = 1

    class Derived(Base):
        own = 1

        def method(self):
            return self

    Base.late = "the last of its attributes"
    return Base, Derived


def renamed(cls, old, new):
    value = getattr(cls, old)
    delattr(cls, old)
    setattr(cls, new, value)


def test_the_same_answer_is_given_while_nothing_changes(line):
    made = Asked()
    assert [once(line[1], "what", made) for _ in range(3)] == [1, 1, 1]


def test_each_question_and_each_class_has_its_own_answer(line):
    made = Asked()
    assert [once(cls, what, made) for cls in line for what in ("this", "that")] == [1, 2, 3, 4]
    assert [once(cls, what, made) for cls in line for what in ("this", "that")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "change",
    [
        lambda base, derived: setattr(derived, "own", 1.0),  # equal, and another one
        lambda base, derived: setattr(derived, "method", lambda self: self),
        lambda base, derived: setattr(derived, "new", 0),
        lambda base, derived: delattr(derived, "own"),
        lambda base, derived: setattr(base, "inherited", [1]),
        lambda base, derived: renamed(base, "late", "later"),
        lambda base, derived: setattr(derived, "__bases__", (type("Other", (), {}),)),
    ],
)
def test_whatever_is_replaced_is_seen(line, change):
    made = Asked()
    look = Look(line[1])
    assert look.holds()
    once(line[1], "what", made)
    change(*line)
    assert not look.holds()
    assert [once(line[1], "what", made) for _ in range(2)] == [2, 2]


def test_an_error_is_no_answer(line):
    with pytest.raises(ZeroDivisionError):
        once(line[1], "what", lambda: 1 // 0)
    assert once(line[1], "what", lambda: "found") == "found"


def test_a_class_that_compares_strangely_is_only_looked_at(line):
    class Proud:
        def __eq__(self, other):
            raise AssertionError("nobody asks whether we are equal")

        __hash__ = None

    line[1].own = Proud()
    assert once(line[1], "what", lambda: 1) == once(line[1], "what", lambda: 2) == 1
