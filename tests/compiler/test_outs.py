"""What matches everything, and what catches everything: asked of the clauses that Python's grammar has."""

import ast

import pytest

from duality.compiler.outs import catches_all, irrefutable


@pytest.mark.parametrize(
    ("pattern", "always"),
    [
        ("_", True), ("x", True), ("(x)", True), ("[x] as y", False), ("[*_]", False), ("x.y", False), ("1", False),
        ("None", False), ("int()", False), ("{}", False), ("1 | x", False),
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
