"""What a comprehension that rests reads around it, and finds without a value, is the free variable it is in CPython."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality import run
from duality.compiler import compile_procedure
from duality.compiler.free import IS_FUNCTION

Spec = Callable[[str], ModuleType]
CALL = "(lambda: {})()"

# (what is said, body of a procedure `p(self, x)` that uses `y`, what is read as a free variable where there are such)
DOUBTFUL = [
    ("bound on one path", "if x: y = 1\nreturn [await self.one() for a in (1, 2) if y]", "y"),
    ("bound on the only path", "y = 1\nreturn [await self.one() for a in (1, 2) if y]", ""),
    ("a parameter", "return [await self.one() for a in (1, 2) if x]", ""),
    ("deleted on one path", "y = 1\nif x: del y\nreturn {await self.one() + y for a in (1, 2)}", "y"),
    ("the first iterable stands outside", "if x: y = (1, 2)\nreturn [await self.one() for a in y]", ""),
    ("so it does in a dict", "if x: y = 1\nreturn {a: await self.one() for a in (y, 2)}", ""),
    ("a later iterable", "if x: y = (1, 2)\nreturn [await self.one() for a in (1, 2) for b in y]", "y"),
    ("what an inner comprehension is handed", "if x: y = (1,)\nreturn [[await self.one() for b in y] for a in y]", "y"),
    ("nothing rests", "if x: y = 1\nawait self.one()\nreturn [a for a in (1, 2) if y]", ""),
    ("inside a lambda it is free", "if x: y = 1\nreturn [(lambda: y)() for a in (1, 2) if await self.one()]", "y"),
    ("a default", "if x: y = 1\nreturn [(lambda b=y: b)() for a in (1, 2) if await self.one()]", "y"),
    ("kept by a function", "f = lambda: y\nif x: y = 1\nreturn [await self.one() for a in (1,) if y]", "y_cell.value"),
    ("kept and bound", "f = lambda: y\ny = 1\nreturn [await self.one() for a in (1, 2) if y]", ""),
    (
        "deleted by a function",
        "y = 1\ndef f():\n    nonlocal y\n    del y\nif not x: f()\nreturn [await self.one() for a in (1, 2) if y]",
        "y_cell.value",
    ),
    ("its own, in an inner one", "return [a for a in (1,) for b in [await self.one() for _ in (1,) if y] for y in a]",
     "y_cell_1.value"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "read"), [pytest.param(*rest, id=name) for name, *rest in DOUBTFUL])
def test_what_may_be_unbound_is_read_as_free_and_nothing_else(spec: Spec, body: str, read: str) -> None:
    module = spec(written(body))
    text = compile_procedure(module.Main.p, module.Main, "events").text
    lambdas = text.count("(lambda: ") - body.count("(lambda: ") * text.count("def p")
    said = CALL.format(read) in text if read else lambdas > 0
    assert said == (bool(read) and (IS_FUNCTION or CALL.format(read) in body)), text


@pytest.mark.parametrize("on", ["threads", "events"])
@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body, _ in DOUBTFUL])
def test_the_error_is_python_s_own(spec: Spec, on: str, body: str) -> None:
    module = spec(written(body))
    assert run(module.app, on).value == run(module.app, "oracle").value


def written(body: str) -> str:
    """A spec whose main tells what ``p`` gives or fails with, called with 0 and with 1."""
    lines = "".join(f"                {line}\n" for line in body.splitlines())
    return f"""
        @module
        class Main:
            async def one(self):
                await yield_now()
                return 1

            async def p(self, x):
{lines}
            @procedure
            async def main(self):
                told = []
                for x in (0, 1):
                    try:
                        told.append(await self.p(x))
                    except Exception as error:
                        told.append((type(error).__name__, str(error), getattr(error, "name", None)))
                return told

        @application
        def app():
            return Main()
        """
