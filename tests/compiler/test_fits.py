"""A call that its procedure could not take is refused, in CPython's words; one that it might take is not."""

from collections.abc import Callable
from types import ModuleType

import pytest

from duality import SpecError
from duality.compiler import compile_procedure

Spec = Callable[[str], ModuleType]
TEXT = """
    from duality import net

    async def helper(a, *, b=1):
        pass

    @module
    class Other:
        full: Condition = field(factory=Condition)

        async def q(self, a, b=2, *, c):
            pass

        async def loose(self, a):
            pass

    @module
    class Wider(Other):
        async def loose(self, a, b=None):
            pass

    @module
    class Main:
        other: Other

        async def p(self, x):
            {body}
"""
REFUSED = [
    ("await helper()", "helper() missing 1 required positional argument: 'a'.", None),
    ("await helper(1, 2)", "helper() takes 1 positional argument but 2 were given.", None),
    ("await helper(1, d=2)", "helper() got an unexpected keyword argument 'd'.", None),
    ("await self.other.q(1)", "Other.q() missing 1 required keyword-only argument: 'c'.",
     None),
    ("await self.other.q(1, a=1, c=3)", "Other.q() got multiple values for argument 'a'.", None),
    ("await self.other.loose(1, 2, 3)", "Other.loose() takes 2 positional arguments but 4 were given.",
     "Its parameters: a."),
    ("await sleep()", "sleep(): missing a required argument: 'seconds'.", None),
    ("await net.listen(port=1)", "listen(): missing a required argument: 'host'.", None),
    ("fork(self.other.q)", "Other.q() missing 1 required positional argument: 'a'", None),
    ("fork(lambda: x)", "`fork` of a lambda, which is no procedure.", None),
    ("self.other.q = x", "`self.other.q` is given another value, and is a procedure of Other.", None),
    ("setattr(self.other, 'q', x)", "`self.other.q` is given another value, and is a procedure of Other.", None),
    ("del self.p", "`self.p` is given another value, and is a procedure of Main.", None),
]  # fmt: skip
TAKEN = [
    "await helper(1, b=2)",
    "await helper(*x)",
    "await helper(**x)",
    "await self.other.q(1, c=3)",
    "await self.other.loose(1, 2)",  # an override takes it
    "await x.q()",  # nobody knows what x is
    "fork(self.other.q, 1, c=3)",
    "setattr(self.other, x, 1)",
    "self.other.plain = x",
]


def compiled(spec: Spec, body: str) -> None:
    module = spec(TEXT.format(body=body))
    for side in ("threads", "events"):
        compile_procedure(module.Main.p, module.Main, side)


@pytest.mark.parametrize(("body", "reason", "advice"), REFUSED)
def test_what_cannot_be_called_so_is_refused(spec: Spec, body: str, reason: str, advice: str | None) -> None:
    with pytest.raises(SpecError) as refused:
        compiled(spec, body)
    assert reason in refused.value.message
    assert (refused.value.source or "").strip() == body
    assert advice is None or refused.value.advice == advice


@pytest.mark.parametrize("body", TAKEN)
def test_what_may_be_taken_is_not(spec: Spec, body: str) -> None:
    compiled(spec, body)
