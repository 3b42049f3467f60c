"""An invariant is a plain method that looks; whatever else it would do is refused where it stands, with a way out."""

import pytest
from attrs import field

from duality import SpecError, entry, invariant, module, procedure
from duality.spec.invariant import INVARIANT, invariants_of, judges, says_nothing


def refused(make, *words):
    """The refusal of ``make()``, which names this file and says what to write."""
    with pytest.raises(SpecError) as caught:
        make()
    assert caught.value.file == __file__
    assert caught.value.line
    assert caught.value.advice
    for word in words:
        assert word in str(caught.value)
    return caught.value


class Bad:
    """Methods that are no invariants; none is marked yet."""

    async def blocks(self):
        return True

    async def gives(self):
        yield True

    def generates(self):
        yield True

    def takes(self, limit):
        return limit

    def takes_perhaps(self, limit=3):
        return limit

    def takes_any(self, *args):
        return args

    def takes_named(self, *, limit):
        return limit

    def nothing():
        return True

    def silent(self):
        """Says nothing."""

    def silent_too(self):
        return None

    def sets(self):
        self.looked = True
        return True

    def deletes(self):
        del self.looked
        return True


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("blocks", ["`async def`", "an invariant that blocks", "Write `def`"]),
        ("gives", ["`async def`"]),
        ("generates", ["`yield`"]),
        ("takes", ["parameters", "`self` alone"]),
        ("takes_perhaps", ["parameters"]),
        ("takes_any", ["parameters"]),
        ("takes_named", ["parameters"]),
        ("nothing", ["parameters"]),
        ("silent", ["says nothing"]),
        ("silent_too", ["says nothing"]),
        ("sets", ["changes `self.looked`"]),
        ("deletes", ["changes `self.looked`"]),
    ],
)
def test_what_does_more_than_look_or_says_nothing_is_refused(name, words):
    method = vars(Bad)[name]
    error = refused(lambda: invariant(method), f"@invariant on Bad.{name}", *words)
    assert error.line == method.__code__.co_firstlineno
    assert not hasattr(method, INVARIANT)


@pytest.mark.parametrize("wrap", [property, staticmethod, classmethod])
def test_a_wrapper_is_refused_on_either_side(wrap):
    def within(self):
        return True

    refused(lambda: invariant(wrap(within)), "no plain method")

    class Hidden:
        @wrap
        @invariant
        def holds(self):
            return True

    refused(lambda: module(Hidden), "the invariant Hidden.holds is hidden")


def test_what_has_no_name_or_no_class_is_refused():
    def alone(self):
        return True

    refused(lambda: invariant(lambda self: True), "a lambda", "no name")
    refused(lambda: invariant(alone), "@invariant on alone", "outside a module")


@pytest.mark.parametrize("mark", [entry, procedure])
def test_a_procedure_is_no_invariant(mark):
    def holds(self):
        return True

    async def does(self):
        return True

    refused(lambda: mark(holds), "is not an `async def`")
    refused(lambda: invariant(mark(does)), "an invariant that blocks")


def test_an_invariant_that_calls_a_procedure_of_its_module_is_refused_with_the_class():
    class Calling:
        async def size(self):
            return 0

        @invariant
        def small(self):
            return self.size() < 3

    error = refused(lambda: module(Calling), "Calling.small asks for `self.size`", "an invariant that blocks")
    assert error.line == Calling.small.__code__.co_firstlineno


def test_the_mark_changes_nothing_else():
    def holds(self):
        """Says something."""
        return self is not None

    class Holder:
        pass

    holds.__qualname__ = "Holder.holds"
    assert invariant(holds) is holds
    assert holds(Holder()) is True


@module
class Base:
    count: int = 0

    @invariant
    def counted(self):
        return self.count >= 0

    @invariant
    def bounded(self):
        assert self.count < 100


class Beside:
    @invariant
    def even(self):
        return self.count % 2 == 0


@module
class Derived(Base, Beside):
    items: list = field(factory=list)

    @invariant
    def bounded(self):
        return self.count < 10


def test_invariants_are_inherited_and_none_takes_another_away():
    assert invariants_of(Base) == (Base.counted, Base.bounded)
    assert invariants_of(Derived) == (Beside.even, Base.counted, Base.bounded, Derived.bounded)


def test_a_name_that_hides_an_invariant_must_be_one():
    class Laxer(Base):
        def bounded(self):
            return True

    class Losing(Base):
        bounded: int = 4

    refused(lambda: module(Laxer), "Laxer.bounded hides the invariant Base.bounded")
    refused(lambda: module(Losing), "Losing.bounded hides the invariant Base.bounded")


def test_who_returns_nothing_judges_by_its_asserts():
    assert judges(Base.counted)
    assert not judges(Base.bounded)
    assert not says_nothing(Base.bounded)
    assert judges(vars(Bad)["takes"])
    assert not judges(vars(Bad)["silent"])
    assert says_nothing(vars(Bad)["silent_too"])
