"""A comprehension that rests gives what it gives without the awaits, and its variables stay its own."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from duality import run
from duality.compiler.stages import stage

Spec = Callable[[str], ModuleType]
TEXT = """
    @module
    class Main:
        log: list = field(factory=list)

        async def same(self, value):
            await yield_now()
            self.log.append(value)
            return value

        async def each(self, *values):
            for value in values:
                yield await self.same(value)

        async def p(self, x, y):
            {body}

        @procedure
        async def main(self):
            return await self.p({x}, "y"), self.log

    @application
    def app():
        return Main()
"""
# (an expression of x = (3, 1, 2), y and self; its value; in what order things were awaited)
VALUES: list[tuple[str, Any, list[Any]]] = [
    ("[await self.same(a) for a in x]", [3, 1, 2], [3, 1, 2]),
    ("[-await self.same(a) for a in x if a - 1]", [-3, -2], [3, 2]),
    ("[a for a in x if await self.same(a) - 1 if a - 2]", [3], [3, 1, 2]),
    ("[a for a in await self.same(x)]", [3, 1, 2], [(3, 1, 2)]),
    ("[(a, b) for a in x for b in await self.same('z' * a)]",
     [(3, "z")] * 3 + [(1, "z")] + [(2, "z")] * 2, ["zzz", "z", "zz"]),
    ("{await self.same(a) % 2 for a in x}", {0, 1}, [3, 1, 2]),
    ("{await self.same(a): await self.same(-a) for a in x}", {3: -3, 1: -1, 2: -2}, [3, -3, 1, -1, 2, -2]),
    ("{a % 2: await self.same(a) for a in x}", {1: 1, 0: 2}, [3, 1, 2]),
    ("[[await self.same(b) for b in range(a)] for a in x]", [[0, 1, 2], [0], [0, 1]], [0, 1, 2, 0, 0, 1]),
    ("[x for x in x if await self.same(x)], x", ([3, 1, 2], (3, 1, 2)), [3, 1, 2]),
    ("[y for _ in x if await self.same(_)] + [y]", ["y"] * 4, [3, 1, 2]),
    ("[(last := await self.same(a)) for a in x], last", ([3, 1, 2], 2), [3, 1, 2]),
    ("[(lambda a: a + 1)(await self.same(a)) for a in x]", [4, 2, 3], [3, 1, 2]),
    ("[[a for a in 'ab'] + [await self.same(a)] for a in x]",
     [["a", "b", 3], ["a", "b", 1], ["a", "b", 2]], [3, 1, 2]),
    ("[a async for a in self.each(*x)]", [3, 1, 2], [3, 1, 2]),
    ("{a: b for a in x async for b in self.each(-a, a)}", {3: 3, 1: 1, 2: 2}, [-3, 3, -1, 1, -2, 2]),
    ("[(a, await self.same('b')) async for a in self.each(*x) if a > 1]",
     [(3, "b"), (2, "b")], [3, "b", 1, 2, "b"]),
    ("[a async for a in self.each(*[await self.same(a) for a in x])]", [3, 1, 2], [3, 1, 2, 3, 1, 2]),
    ("[f() for f in [lambda: (a, y) for a in x if await self.same(a)]]", [(2, "y")] * 3, [3, 1, 2]),
    ("[[f() for f in g] for g in [[lambda: (a, b) for a in 'ab' if await self.same(a)] for b in x]]",
     [[("b", 2)] * 2] * 3, ["a", "b"] * 3),
    ("[f() for g in [[lambda: a for a in range(b) if await self.same(a)] for b in x] for f in g]",
     [2, 2, 1], [0, 1, 2, 0, 0, 1]),
    ("[sorted(f) for f in {a: (a for _ in 'ab') async for a in self.each(*x)}.values()]", [[2, 2]] * 3, [3, 1, 2]),
    ("[sum(a + b for b in x) for a in x if await self.same(a)]", [15, 9, 12], [3, 1, 2]),
    ("[f() for f in [lambda a=a: a for a in x if await self.same(a)]]", [3, 1, 2], [3, 1, 2]),
    ("[c for a, (b, *c) in [(1, 'bcd')] if await self.same(b)]", [["c", "d"]], ["b"]),
]  # fmt: skip


def written(body: str) -> str:
    return TEXT.format(body=body, x="(3, 1, 2)")


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
@pytest.mark.parametrize(("text", "value", "log"), [pytest.param(*rest, id=rest[0]) for rest in VALUES])
def test_the_value_and_the_order_are_python_s(spec: Spec, on: str, text: str, value: object, log: list[Any]) -> None:
    assert run(spec(written(f"return {text}")).app, on).value == (value, log)


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_an_error_in_the_middle_leaves_nothing_behind(spec: Spec, on: str) -> None:
    body = "try: [await self.same(a) / a for a in (1, 0, 2)]\n            except ZeroDivisionError: return 'a' in dir()"
    module = spec(written(body.replace("'a' in dir()", "self.log[:]")))
    assert run(module.app, on).value == ([1, 0], [1, 0])


def test_what_its_element_is_put_into_does_not_live_twice(spec: Spec) -> None:
    module = spec(written("return [await self.same(a) for a in x]"))
    lines = [line.strip() for line in stage(module.Main.p, module.Main, "lower").splitlines()]
    rest = next(place for place, line in enumerate(lines) if "await self.same" in line)
    assert lines[rest + 1].startswith("list_1.append(")
    assert ".append" not in "".join(lines[:rest])


def test_the_names_of_a_spec_are_not_taken(spec: Spec) -> None:
    module = spec(
        """
        @module
        class Main:
            async def same(self, value):
                await yield_now()
                return value

            @procedure
            async def main(self, list_1="mine", one_1="too", a_1="and this"):
                return [await self.same(a) for a in (1, 2)], list_1, one_1, a_1

        @application
        def app():
            return Main()
        """
    )
    for on in ("oracle", "threads", "events"):
        assert run(module.app, on).value == ([1, 2], "mine", "too", "and this")
