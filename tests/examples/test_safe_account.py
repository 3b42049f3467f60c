"""What was paid in is there, under every schedule; and one mark is all that tells the account from the racy one."""

import ast

import pytest

from duality.proof import check
from duality.proof.explore import explore
from tests.examples.conftest import EXAMPLES, load


@pytest.mark.parametrize("customers", [0, 1, 4, 9])
def test_everything_that_was_paid_is_there(example, output, customers):
    assert output(example.safe_account, customers=customers) == 10 * sum(range(customers + 1))


def test_a_check_finds_nothing_and_the_same_check_finds_the_racy_one(example):
    verdict = check(example.safe_account, schedules=60)
    assert verdict, verdict.finding
    assert verdict.schedules == 60
    found = check(load("racy_account").racy_account, schedules=60).finding
    assert found is not None
    assert found.law == "invariant"
    assert len(found.trials[0].steps) <= 6


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_over_all_schedules_nothing_is_lost(example, crossing):
    outcomes = explore(example.safe_account, customers=3, crossing=crossing)
    assert outcomes.proved
    assert [one.brief for one in outcomes.outcomes] == ["value 60"]
    lost = explore(load("racy_account").racy_account, on="threads", customers=2, crossing=crossing)
    assert {one.brief for one in lost.outcomes} == {"value 10", "value 20", "value 30"}


def statements(name: str) -> list[str]:
    """What the file says, without imports and docstrings."""
    tree = ast.parse((EXAMPLES / f"{name}.py").read_text())
    for node in ast.walk(tree):
        if ast.get_docstring(node) if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else None:
            del node.body[0]
    return ast.unparse([node for node in tree.body[1:] if not isinstance(node, ast.ImportFrom)]).splitlines()


def test_one_mark_is_all_the_difference():
    racy, safe = statements("racy_account"), statements("safe_account")
    differ = [pair for pair in zip(racy, safe, strict=True) if pair[0] != pair[1]]
    assert differ == [
        ("    @procedure", "    @entry"),
        ("def racy_account(customers: int=4) -> Main:", "def safe_account(customers: int=4) -> Main:"),
    ]
