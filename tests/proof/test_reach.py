"""What an object leads to: mutable objects, and nothing of the machine's."""

from collections import namedtuple
from enum import Enum

import pytest
from attrs import define, frozen

from duality import Condition, module
from duality.proof.reach import reach


class Colour(Enum):
    RED = []


@frozen
class Frozen:
    inside: object


@define
class Open:
    inside: object


@module
class Cell:
    items: list


Pair = namedtuple("Pair", "one other")  # noqa: PYI024
LIST = [1]


def closing(value):
    return lambda: value


@pytest.mark.parametrize(
    "value",
    [None, 1, "a", b"a", (1, ("b",)), frozenset([1]), Frozen(3), Pair(1, 2), Colour.RED, int, len, Cell(LIST),
     Condition(), reach],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_an_immutable_object_leads_to_nothing(value):
    assert reach([value]) == frozenset()


@pytest.mark.parametrize(
    "value",
    [LIST, (LIST,), {1: LIST}, Frozen(LIST), Pair(1, LIST), Open(LIST), LIST.append, closing(LIST), iter(LIST),
     ValueError(LIST)],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_mutable_object_is_found_wherever_it_is(value):
    assert id(LIST) in reach([value])


def test_an_object_that_leads_to_itself_is_no_trouble():
    around = [LIST]
    around.append(around)
    assert {id(around), id(LIST)} <= reach([around])
