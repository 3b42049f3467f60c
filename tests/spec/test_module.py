"""A module is an attrs class that stays the class its source made."""

import attrs
import pytest
from attrs import field

from duality import Condition, module, procedure
from duality.spec.module import conditions, fields_of, is_module, modules_below


@module
class Leaf:
    name: str = "leaf"
    changed: Condition = field(factory=Condition)


@module
class Tree:
    left: Leaf
    branches: list = field(factory=list)
    by_name: dict = field(factory=dict)
    pair: tuple = ()
    parent: object = None

    @procedure
    async def main(self): ...


@module
class Special(Leaf):
    extra: int = 1
    more: Condition = field(factory=Condition)


@module
class Hooked:
    value: int
    doubled: int = field(init=False)

    def __attrs_post_init__(self):
        self.doubled = self.value * 2


class Plain:
    pass


def test_fields_are_constructor_arguments_in_order():
    leaf = Leaf("a")
    assert leaf.name == "a"
    assert [attribute.name for attribute in attrs.fields(Leaf)] == ["name", "changed"]
    with pytest.raises(TypeError):
        Leaf("a", None, 3)


def test_the_class_is_no_copy_and_instances_are_compared_by_identity():
    class Raw:
        value: int = 1

    assert module(Raw) is Raw
    assert Raw() != Raw()
    one = Raw()
    assert {one: 1}[one] == 1
    one.anything = 2  # no slots: a spec may keep what it likes


def test_modules_are_told_from_other_things():
    assert is_module(Leaf)
    assert is_module(Leaf())
    assert is_module(Special)
    assert not is_module(Plain)
    assert not is_module(Plain())
    assert not is_module(3)


def test_a_post_init_of_the_modules_own_still_runs():
    assert Hooked(3).doubled == 6


def test_conditions_are_named_also_those_that_are_inherited():
    special = Special()
    assert [(name, one.owner is special, one.name) for name, one in conditions(special)] == [
        ("changed", True, "changed"), ("more", True, "more"),
    ]  # fmt: skip


def test_fields_are_told_in_order_and_only_those_that_are_set():
    leaf = Leaf("x")
    assert [name for name, _ in fields_of(leaf)] == ["name", "changed"]
    del leaf.name
    assert [name for name, _ in fields_of(leaf)] == ["changed"]


def test_every_module_that_fields_lead_to_is_found_once_with_its_path():
    shared, inner = Leaf("shared"), Leaf("inner")
    tree = Tree(shared, [Leaf("a"), [shared, inner]], {"b": Leaf("b")}, (Leaf("c"),))
    tree.parent = tree  # a circle does no harm
    assert [(path, getattr(one, "name", "tree")) for path, one in modules_below(tree)] == [
        ("Tree", "tree"), ("left", "shared"), ("branches[0]", "a"), ("branches[1][1]", "inner"),
        ("by_name['b']", "b"), ("pair[0]", "c"),
    ]  # fmt: skip


def test_the_path_goes_through_the_modules_on_the_way():
    tree = Tree(Leaf())
    outer = Tree(tree)
    assert [path for path, _ in modules_below(outer)] == ["Tree", "left", "left.left"]
