"""The language table says nothing that no test shows, and leaves nothing out.

``docs/reference/language.toml`` is the table; ``docs/reference/language.md`` prints it.
"""

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.compiler import golden
from tests.compiler.outside.specs import Case, cases, files
from tests.compiler.test_refuse import REFUSED

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests" / "compiler"
ROWS: list[dict[str, Any]] = tomllib.loads((ROOT / "docs" / "reference" / "language.toml").read_text())["row"]
GOLDEN = {case.name for file in golden.CASES.glob("*.case") for case in golden.cases(file)}
OUTSIDE: list[Case] = [case for file in files() for case in cases(file)]
KEYS = {"construct", "part", "where", "nodes", "events", "threads", "since", "status"}
LINKS = {"golden", "outside", "refused", "tests"}
# What is no statement, expression or pattern, but has something evaluated in it, or binds something.
PARTS = {"ExceptHandler", "comprehension", "arguments", "arg", "keyword", "withitem", "match_case"}
NEWER = {"TypeAlias": (3, 12), "TypeVar": (3, 12), "ParamSpec": (3, 12), "TypeVarTuple": (3, 12)}
NEWER |= {"TemplateStr": (3, 14), "Interpolation": (3, 14)}


def all_of(key: str) -> set[str]:
    return {name for row in ROWS for name in row.get(key, ())}


def test_every_statement_expression_and_pattern_of_this_python_has_a_row() -> None:
    kinds = [ast.stmt, ast.expr, ast.pattern, *([ast.type_param] if sys.version_info >= (3, 12) else [])]
    known = {node.__name__ for kind in kinds for node in kind.__subclasses__()} | PARTS
    named = all_of("nodes")
    assert known - named == set()
    assert {name for name in named - known if sys.version_info >= NEWER.get(name, (3, 11))} == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["construct"])
def test_a_row_is_complete_and_something_shows_it(row: dict[str, Any]) -> None:
    assert set(row) <= KEYS | LINKS
    assert {"construct", "part", "where", "nodes", "events"} <= set(row)
    assert row.get("status", "handled") in ("handled", "refused", "different")
    assert any(row.get(one) for one in LINKS) or any(case.construct == row["construct"] for case in OUTSIDE)


def test_no_two_rows_have_a_name() -> None:
    assert len({row["construct"] for row in ROWS}) == len(ROWS)


def test_every_golden_case_is_named_by_a_row_and_every_one_that_is_named_exists() -> None:
    assert GOLDEN - all_of("golden") == set()
    assert all_of("golden") - GOLDEN == set()


def test_every_outside_case_belongs_to_a_row() -> None:
    assert {case.construct for case in OUTSIDE} - {row["construct"] for row in ROWS} == set()
    assert all_of("outside") - {case.name for case in OUTSIDE} == set()


def test_every_refusal_that_a_row_names_is_tested() -> None:
    assert all_of("refused") - {name for name, *_ in REFUSED} == set()


@pytest.mark.parametrize("named", sorted(all_of("tests")))
def test_every_test_that_a_row_names_exists(named: str) -> None:
    file, _, function = named.partition("::")
    tree = ast.parse((TESTS / file).read_text())
    assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_pages_print_every_part_and_every_file() -> None:
    assert printed("language.md", "language") == {row["part"] for row in ROWS}
    assert printed("outside.md", "outside") == {file.stem for file in files()}


def printed(page: str, directive: str) -> set[str]:
    """What a page asks a directive to print."""
    text = (ROOT / "docs" / "reference" / page).read_text()
    return set(re.findall(rf"^```{{{directive}}} (\w+)$", text, re.MULTILINE))
