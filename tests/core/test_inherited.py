"""A dressed class: its own ports first, what is given for a base in front of it, and `super()` finds the next."""

from duality.core.inherited import dressed


class Root:
    def name(self):
        return "root"

    def other(self):
        return "other of root"


class Left(Root):
    def name(self):
        return f"left of {super().name()}"


class Right(Root):
    def name(self):
        return f"right of {super().name()}"


class Both(Left, Right):
    def name(self):
        return f"both of {super().name()}"


def port(text):
    return lambda self: text


def test_without_anything_inherited_it_is_a_plain_subclass_that_calls_itself_the_same():
    made = dressed(Both, {"name": port("a port")}, {})
    assert made().name() == "a port"
    assert made().other() == "other of root"
    assert (type(made), made.__bases__) == (type, (Both,))
    assert (made.__name__, made.__qualname__, made.__module__) == ("Both", "Both", __name__)


def test_what_is_given_for_a_base_stands_in_front_of_it_and_of_no_other():
    made = dressed(Both, {}, {Right: {"name": port("a port of right")}})
    assert made().name() == "both of left of a port of right"
    assert [one.__name__ for one in made.__mro__] == ["Both", "Both", "Left", "Right", "Right", "Root", "object"]
    assert Both().name() == "both of left of right of root"
    assert isinstance(made(), Right)


def test_every_base_may_have_its_own_and_the_ports_come_first():
    inherited = {one: {"name": port(one.__name__)} for one in (Root, Left)}
    assert dressed(Both, {}, inherited)().name() == "both of Left"
    made = dressed(Both, {"name": port("mine"), "other": port("mine too")}, inherited)
    assert (made().name(), made().other()) == ("mine", "mine too")
    layers = [one for one in made.__mro__ if one not in Both.__mro__]
    assert [(one.__name__, one.__module__) for one in layers] == [(name, __name__) for name in ("Both", "Left", "Root")]


def test_a_class_within_a_class_keeps_its_full_name():
    class Inner(Root):
        pass

    assert dressed(Inner, {}, {}).__qualname__ == Inner.__qualname__ != "Inner"
