"""What matches everything, and what catches everything: asked of the clauses that Python's grammar has."""

import ast

import pytest

from duality.compiler.outs import Out, catches_all, irrefutable
from duality.graph import Node


@pytest.mark.parametrize(
    ("pattern", "always"),
    [
        ("_", True), ("x", True), ("(x)", True), ("x as y", True), ("[x] as y", False), ("[*_]", False),
        ("x.y", False), ("1", False), ("None", False), ("int()", False), ("{}", False), ("1 | x", False),
    ],
)  # fmt: skip
def test_a_pattern_that_plainly_matches_everything(pattern: str, always: bool) -> None:
    match = ast.parse(f"match subject:\n    case {pattern}:\n        pass\n").body[0]
    assert isinstance(match, ast.Match)
    assert irrefutable(match.cases[0].pattern) is always


@pytest.mark.parametrize(
    ("clause", "everything"),
    [
        ("except:", True), ("except BaseException:", True), ("except BaseException as error:", True),
        ("except Exception:", False), ("except errors.BaseException:", False), ("except (BaseException,):", False),
    ],
)  # fmt: skip
def test_a_clause_that_plainly_catches_everything(clause: str, everything: bool) -> None:
    tried = ast.parse(f"try:\n    pass\n{clause}\n    pass\n").body[0]
    assert isinstance(tried, ast.Try)
    assert catches_all(tried.handlers[0]) is everything


def test_two_pieces_of_text_are_left_by_the_ways_of_both() -> None:
    ways = ("next", "returns", "breaks", "continues", "errors")
    points = [Node("p", "yield", number, number, "") for number in range(1, 11)]
    one = Out(*(frozenset([point]) for point in points[:5]))
    other = Out(*(frozenset([point]) for point in points[5:]))
    both = one.besides(other)
    assert [getattr(both, way) for way in ways] == [
        frozenset(pair) for pair in zip(points[:5], points[5:], strict=True)
    ]
    assert one.besides(other, breaks=frozenset()) == Out(
        both.next, both.returns, frozenset(), both.continues, both.errors
    )
