"""Erasing the awaits changes nothing else, not even a line."""

import ast
from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler.erase import erase, position, standing
from duality.compiler.points import points
from duality.compiler.read import read

Spec = Callable[[str], ModuleType]


@pytest.mark.parametrize(
    ("body", "erased"),
    [
        ("return await  yield_now()", "return yield_now()"),
        ("x = (await yield_now(), await sleep(1))", "x = (yield_now(), sleep(1))"),
        ("async  with scope() as s: pass", "with scope() as s: pass"),
        ("'await'; await yield_now() # await", "'await'; yield_now() # await"),
        ("'äöü'; await yield_now()", "'äöü'; yield_now()"),
        ("await (sleep)(1)", "(sleep)(1)"),
    ],
)
def test_one_line(spec: Spec, body: str, erased: str) -> None:
    module = spec(f"@module\nclass Main:\n    async def p(self):\n        {body}\n")
    assert erase(read(module.Main.p, module.Main)) == f"def p(self):\n    {erased}"


LONG = '''
    @module
    class Main:
        @entry
        async def p(self, x):
            """Two
        lines that stand further left."""
            total = (
                await sleep(1),
                await sleep(
                    2
                ),
            )
            return total
'''


def test_every_point_is_found_again_by_its_position(spec: Spec) -> None:
    module = spec(LONG)
    procedure = read(module.Main.p, module.Main)
    where = points(procedure)
    text = erase(procedure)
    tree = ast.parse(text).body[0]
    table = standing(procedure, where, tree).calls
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert {table[position(call)] for call in calls} == set(where.of.values())
    assert len(text.splitlines()) == len(procedure.text.splitlines())
    assert '"""Two\n    lines that stand' in text, "what is in a string is not indentation"
