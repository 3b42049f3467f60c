"""`async for` and `async with`, wherever they stand: what is evaluated, how often, in what order; what is bound."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from duality import run
from duality.compiler.stages import stage

Spec = Callable[[str], ModuleType]
TEXT = """
    @module
    class Room:
        log: list
        name: str = ""

        async def __aenter__(self):
            self.log.append("into " + self.name)
            await yield_now()
            return self.name

        async def __aexit__(self, kind, error, trace):
            self.log.append("out of " + self.name)
            await yield_now()
            return self.name == "forgiving"

    @module
    class Main:
        log: list = field(factory=list)
        last: object = None

        async def same(self, value):
            self.log.append(value)
            await yield_now()
            return value

        async def each(self, *values):
            for value in values:
                yield await self.same(value)

        def room(self, name):
            return Room(self.log, name)

        async def p(self):
{body}

        @procedure
        async def main(self):
            return await self.p(), self.log

    @application
    def app():
        return Main()
"""
# (what is said, body of a procedure `p(self)`, its value, the log)
BODIES: list[tuple[str, str, Any, list[Any]]] = [
    ("what is gone through is evaluated once",
     "async for a in self.each(*await self.same('ab')):\n    self.last = a\nreturn self.last", "b", ["ab", "a", "b"]),
    ("its variable stays bound", "async for a in self.each(1, 2):\n    pass\nreturn a", 2, [1, 2]),
    ("and unbound where there was none",
     "try:\n    async for a in self.each():\n        pass\n    return a\n"
     "except UnboundLocalError:\n    return 'unbound'",
     "unbound", []),
    ("a target is a place that rests",
     "x = {}\nasync for x[await self.same('k')] in self.each(1, 2):\n    pass\nreturn x", {"k": 2}, [1, "k", 2, "k"]),
    ("a target is unpacked", "async for a, (b, *self.last) in self.each((1, 'xyz')):\n    pass\nreturn a, b, self.last",
     (1, "x", ["y", "z"]), [(1, "xyz")]),
    ("loops in loops, and a break of the inner one",
     "found = []\nasync for a in self.each(1, 2):\n    async for b in self.each(10, 20, 30):\n        if b > 10 * a:\n"
     "            break\n        found.append(a * b)\n    else:\n        found.append('all')\nreturn found",
     [10, 20, 40], [1, 10, 20, 2, 10, 20, 30]),
    ("else, where the loop ends by itself",
     "async for a in self.each(1):\n    continue\nelse:\n    return await self.same('else')\nreturn 'none'",
     "else", [1, "else"]),
    ("a return through finally",
     "try:\n    async for a in self.each(1, 2):\n        return a\nfinally:\n    await self.same('finally')",
     1, [1, "finally"]),
    ("in a finally", "try:\n    return 'value'\nfinally:\n    async for a in self.each(1, 2):\n        pass",
     "value", [1, 2]),
    ("in an except, that goes on with its error",
     "try:\n    raise KeyError('k')\nexcept KeyError as error:\n    async for a in self.each(1):\n        pass\n"
     "    return repr(error)", "KeyError('k')", [1]),
    ("nothing is being handled in the else clause",
     "import sys\nasync for a in self.each(1):\n    pass\nelse:\n    return sys.exception()", None, [1]),
    ("a manager that is awaited", "async with self.room(await self.same('a')) as name:\n    return name",
     "a", ["a", "into a", "out of a"]),
    ("each is entered before the next is evaluated",
     "async with self.room('a') as a, self.room(a + 'b') as b:\n    self.log.append(b)\nreturn a, b",
     ("a", "ab"), ["into a", "into ab", "ab", "out of ab", "out of a"]),
    ("a manager's target is a place", "async with self.room('a') as self.last:\n    pass\nreturn self.last",
     "a", ["into a", "out of a"]),
    ("an error of a target is the body's own",
     "async with self.room('forgiving') as (a, b):\n    pass\nreturn 'forgiven'", "forgiven",
     ["into forgiving", "out of forgiving"]),
    ("an error of the second manager leaves the first",
     "async with self.room('forgiving'), self.room(1 / 0):\n    pass\nreturn 'forgiven'", "forgiven",
     ["into forgiving", "out of forgiving"]),
    ("break and continue leave it",
     "for turn in range(3):\n    async with self.room(str(turn)):\n        if turn == 0:\n            continue\n"
     "        break\nreturn turn", 1, ["into 0", "out of 0", "into 1", "out of 1"]),
    ("around a loop, inside a loop",
     "async with self.room('a'):\n    async for a in self.each(1, 2):\n        async with self.room('b'):\n"
     "            if a == 2:\n                return a",
     2, ["into a", 1, "into b", "out of b", 2, "into b", "out of b", "out of a"]),
    ("an ordinary manager beside it",
     "from contextlib import suppress\nasync with self.room('a'):\n    with suppress(KeyError):\n"
     "        raise KeyError\n    return 'on'", "on", ["into a", "out of a"]),
]  # fmt: skip


def written(body: str) -> str:
    return TEXT.format(body="\n".join(f"            {line}" for line in body.splitlines()))


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
@pytest.mark.parametrize(("body", "value", "log"), [pytest.param(*rest, id=name) for name, *rest in BODIES])
def test_the_value_and_the_order_are_python_s(spec: Spec, on: str, body: str, value: object, log: list[Any]) -> None:
    assert run(spec(written(body)).app, on).value == (value, log)


def test_the_names_of_a_spec_are_not_taken(spec: Spec) -> None:
    body = (
        "each = following = hold = DONE = PENDING = rest_of_1 = item_1 = enter_1 = exit_1 = 'mine'\n"
        "async for item in self.each(1):\n    async with self.room(rest_of_1) as entered_1:\n        pass\n"
        "return each, following, hold, DONE, PENDING, rest_of_1, item_1, enter_1, exit_1, entered_1, item"
    )
    for on in ("oracle", "threads", "events"):
        assert run(spec(written(body)).app, on).value[0] == ("mine",) * 10 + (1,)


def test_that_there_is_no_more_is_a_value_and_no_error(spec: Spec) -> None:
    module = spec(written("async for a in self.each(1):\n    self.last = a\nelse:\n    self.last = None"))
    lines = [line.strip() for line in stage(module.Main.p, module.Main, "lower").splitlines()]
    asked = next(place for place, line in enumerate(lines) if "await following(" in line)
    assert lines[asked] == "item_1 <- await following(rest_of_1)"
    assert lines[asked + 1] == "if item_1 is DONE:"
    assert not any("except" in line for line in lines)
