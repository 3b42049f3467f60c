"""Erasing the awaits changes nothing else, not even a line."""

import ast
from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler.erase import Standing, erase, position, standing
from duality.compiler.points import points
from duality.compiler.read import read
from duality.core.positions import Position
from duality.graph import Node

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
        ("async for x in self, self: pass", "for x in each((self, self)): pass"),
        ("async for x in (self): pass", "for x in (each(self)): pass"),
        ("async with self as x, scope(): pass", "with hold(self) as x, scope(): pass"),
        ("return [(x, 'async') async for x in self]", "return [(x, 'async') for x in each(self)]"),
        ("return [x async for y in self async for x in y]", "return [x for y in each(self) for x in each(y)]"),
    ],
)
def test_one_line(spec: Spec, body: str, erased: str) -> None:
    module = spec(f"@module\nclass Main:\n    async def p(self):\n        {body}\n")
    assert erase(read(module.Main.p, module.Main)) == f"def p(self):\n    {erased}"


@pytest.mark.parametrize(
    ("body", "erased"),
    [
        ("return [x async for\n        x in self]", "return [x for\n    x in each(self)]"),
        ("return [x async for\n\n        x in self]", "return [x for\n\n    x in each(self)]"),
        ("return [x\nasync for x in self]", "return [x\nfor x in each(self)]"),
    ],
)
def test_the_async_of_a_comprehension_may_stand_anywhere_before_its_target(spec: Spec, body: str, erased: str) -> None:
    module = spec(f"@module\nclass Main:\n    async def p(self):\n        {body}\n")
    assert erase(read(module.Main.p, module.Main)) == f"def p(self):\n    {erased}"


def test_what_each_and_hold_are_called_here(spec: Spec) -> None:
    module = spec("@module\nclass Main:\n    async def p(self):\n        async for x in self: pass\n")
    assert erase(read(module.Main.p, module.Main), {"each": "each_"}) == "def p(self):\n    for x in each_(self): pass"


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


WHOLE, MIDDLE, LONG_ONE, SHORT_ONE, CALL, ENTER = (Node("p", "call", number, number, "f") for number in range(6))
STANDING = Standing(
    calls={(2, 4, 3, 12): CALL},
    turns={(1, 0, 9, 5): WHOLE, (2, 4, 6, 0): MIDDLE, (2, 4, 3, 30): LONG_ONE, (2, 4, 3, 12): SHORT_ONE},
    enters={(2, 4, 3, 12): ENTER},
)


@pytest.mark.parametrize(
    ("role", "place", "expected"),
    [
        ("calls", (2, 4, 3, 12), CALL),
        ("calls", (2, 6, 3, 10), None),
        ("enters", (2, 4, 3, 12), ENTER),
        ("enters", (2, 6, 3, 10), None),
        ("exits", (2, 4, 3, 12), None),
        ("turns", (2, 4, 6, 0), MIDDLE),
        ("turns", (2, 6, 3, 10), SHORT_ONE),
        ("turns", (2, 4, 3, 10), SHORT_ONE),
        ("turns", (2, 6, 3, 20), LONG_ONE),
        ("turns", (2, 6, 3, 30), LONG_ONE),
        ("turns", (3, 0, 5, 0), MIDDLE),
        ("turns", (3, 0, 7, 0), WHOLE),
        ("turns", (0, 9, 2, 9), None),
        ("turns", (3, 0, 9, 6), None),
    ],
)
def test_a_turn_that_stands_nowhere_is_that_of_the_innermost_loop_around(
    role: str, place: Position, expected: Node | None
) -> None:
    assert STANDING.at(role, place) == expected
