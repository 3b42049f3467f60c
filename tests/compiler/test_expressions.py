"""Expressions that rest, lowered: what is evaluated when, where Pythons differ or a program's text does not show it."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality.compiler import compile_procedure, expressions
from duality.compiler.stages import stage

Spec = Callable[[str], ModuleType]
TEXT = """
    @module
    class Main:
        async def width(self):
            await yield_now()
            return 4

        async def p(self, x, y):
            {body}
"""


def lowered(module: ModuleType) -> list[str]:
    """The statements of ``p``, every rest one of its own."""
    return [line.strip() for line in stage(module.Main.p, module.Main, "lower").splitlines()[1:]]


@pytest.mark.parametrize(
    ("first", "statements"),
    [
        (True, ["_1 = f'{x!r}'", "_2 <- await self.width()", "return f'{_1:>{_2}}'"]),
        (False, ["_1 <- await self.width()", "return f'{x!r:>{_1}}'"]),
    ],
    ids=["since 3.13", "before"],
)
def test_a_value_is_converted_before_or_after_its_format_is_awaited(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, first: bool, statements: list[str]
) -> None:
    monkeypatch.setattr(expressions, "_CONVERTS_FIRST", first)
    assert lowered(spec(TEXT.format(body="return f'{x!r:>{await self.width()}}'"))) == statements


@pytest.mark.parametrize("body", ["return f'{x:>{await self.width()}}'", "return f'{x!r:>4}{await self.width()}'"])
def test_what_is_not_converted_or_whose_format_does_not_rest_is_as_before(
    spec: Spec, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    texts = []
    for first in (True, False):
        monkeypatch.setattr(expressions, "_CONVERTS_FIRST", first)
        texts.append(lowered(spec(TEXT.format(body=body))))
    assert texts[0] == texts[1]


def test_a_yield_gives_its_value_away(spec: Spec) -> None:
    assert lowered(spec(TEXT.format(body="x = yield y\n            yield"))) == [
        "x <- await give(y)",
        "await give(None)",
    ]


def test_a_short_circuit_of_several_lines_asks_each_value_in_its_own(spec: Spec) -> None:
    body = "return (x\n                and y\n                and await self.width())"
    module = spec(TEXT.format(body=body))
    product = compile_procedure(module.Main.p, module.Main, "events")
    first = product.first_line + 1
    lines = zip(product.text.splitlines(), product.origin, strict=True)
    assert [origin for line, origin in lines if line.strip() == "if _1:"][:2] == [first, first + 1]
