"""Definite assignment: where a variable may be unbound across a rest, the record can say so; elsewhere it need not."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality import run
from duality.compiler import compile_procedure

Spec = Callable[[str], ModuleType]

# (what is said, body of a procedure `p(self, x)` that uses `y`, whether y may be unbound at some rest it lives across)
DOUBTFUL = [
    ("bound on the only path", "y = 1\nawait yield_now()\nreturn y", False),
    ("never bound before", "await yield_now()\nprint(y)\ny = 1", True),
    ("bound on one path", "if x:\n    y = 1\nawait yield_now()\nreturn y", True),
    ("bound on both", "if x:\n    y = 1\nelse:\n    y = 2\nawait yield_now()\nreturn y", False),
    ("a path that leaves does not count", "if x:\n    y = 1\nelse:\n    return\nawait yield_now()\nreturn y", False),
    ("a path that raises does not count", "if x:\n    y = 1\nelse:\n    raise E\nawait yield_now()\nreturn y", False),
    ("a loop may not turn", "for one in x:\n    y = 1\nawait yield_now()\nreturn y", True),
    ("an endless loop is left by break", "while True:\n    y = 1\n    break\nawait yield_now()\nreturn y", False),
    ("deleted on one path", "y = 1\nif x:\n    del y\nawait yield_now()\nreturn y", True),
    ("a handler starts before it", "try:\n    y = f()\nexcept E:\n    pass\nawait yield_now()\nreturn y", True),
    ("the handler binds it too", "try:\n    y = f()\nexcept E:\n    y = 0\nawait yield_now()\nreturn y", False),
    ("the handler leaves", "try:\n    y = f()\nexcept E:\n    return\nawait yield_now()\nreturn y", False),
    ("no case may match", "match x:\n    case 1:\n        y = 1\nawait yield_now()\nreturn y", True),
    (
        "deleted in one case",
        "y = 1\nmatch x:\n    case 1:\n        del y\n    case _:\n        pass\nawait yield_now()\nreturn y",
        True,
    ),
    (
        "unbound at one break",
        "while True:\n    if f():\n        break\n    y = 1\n    if f():\n        break\nawait yield_now()\nreturn y",
        True,
    ),
    (
        "unbound at one continue",
        "y = 1\nwhile x:\n    if f():\n        del y\n        continue\n    if f():\n        continue\n"
        "    await yield_now()\n    f(y)",
        True,
    ),
    (
        "unbound at one break through a finally",
        "while True:\n    try:\n        if f():\n            break\n        y = 1\n        if f():\n            break\n"
        "    finally:\n        await yield_now()\nreturn y",
        True,
    ),
    ("a with binds its target", "with x as y:\n    await yield_now()\n    return y", False),
    ("what fails in a with's target is swallowed", "with x as (z, y):\n    pass\nawait yield_now()\nreturn y", True),
    ("a with may swallow what stopped its body", "with x:\n    y = f()\nawait yield_now()\nreturn y", True),
    ("it was bound before the with", "y = 1\nwith x:\n    y = f()\nawait yield_now()\nreturn y", False),
    ("a with whose body deletes it", "y = 1\nwith x:\n    del y\n    y = f()\nawait yield_now()\nreturn y", True),
    (
        "a try whose body deletes it",
        "y = 1\ntry:\n    del y\n    y = f()\nexcept E:\n    pass\nawait yield_now()\nreturn y",
        True,
    ),
    (
        "deleted and bound again in one turn",
        "y = 1\nwhile x:\n    del y\n    if f():\n        continue\n    y = 2\nawait yield_now()\nreturn y",
        True,
    ),
    (
        "a turn that goes on early had it",
        "while x:\n    y = 1\n    if f():\n        continue\n    await yield_now()\n    f(y)",
        False,
    ),
    (
        "bound by this turn for the next, and the other one deleted",
        "z = x\nwhile z:\n    await yield_now()\n    f(y)\n    del z\n    y = 1",
        True,
    ),
    (
        "an except's own name is gone",
        "y = 1\ntry:\n    f()\nexcept E as y:\n    pass\nawait yield_now()\nreturn y",
        True,
    ),
    ("only the handler binds it", "try:\n    f()\nexcept E:\n    y = 1\nawait yield_now()\nreturn y", True),
    ("a whole finally binds it", "try:\n    f()\nfinally:\n    y = 1\nawait yield_now()\nreturn y", False),
    (
        "deleted somewhere below the try",
        "y = 1\ntry:\n    if f():\n        del y\n    y = 2\nexcept E:\n    pass\nawait yield_now()\nreturn y",
        True,
    ),
    ("a parameter", "y = x\nawait yield_now()\nreturn y", False),
]


@pytest.mark.parametrize(("body", "doubtful"), [pytest.param(*rest, id=name) for name, *rest in DOUBTFUL])
def test_the_record_says_unbound_only_where_it_must(spec: Spec, body: str, doubtful: bool) -> None:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    module = spec(f"class E(Exception):\n    pass\n\n@module\nclass Main:\n    async def p(self, x):\n{lines}\n")
    product = compile_procedure(module.Main.p, module.Main, "events")
    assert any("y" in names for names in product.alive.values())
    assert ("y is UNBOUND" in product.text) == doubtful


UNBOUND = """
    @module
    class Main:
        @procedure
        async def main(self):
            if not self:
                late = 1
            await yield_now()
            try:
                late
            except UnboundLocalError as error:
                return str(error)

    @application
    def app():
        return Main()
"""


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_an_unbound_local_is_still_unbound_after_the_rest(spec: Spec, on: str) -> None:
    expected = "cannot access local variable 'late' where it is not associated with a value"
    assert run(spec(UNBOUND).app, on).value == expected
