"""Whether a value is true is asked as often, and in the same order, as CPython asks it."""

import pytest

from duality import application, module, procedure, run, yield_now
from duality.compiler import graph_of


class Noted:
    """A value that notes when it is asked."""

    def __init__(self, name, truth, log):
        self.name, self.truth, self.log = name, truth, log

    def __bool__(self):
        self.log.append(f"{self.name}?")
        return self.truth


@module
class Asking:
    a: bool
    b: bool
    c: bool

    async def get(self, name, truth, log):
        await yield_now()
        return Noted(name, truth, log)

    @procedure
    async def main(self):
        log = []
        b, c = Noted("b", self.b, log), Noted("c", self.c, log)
        if await self.get("a", self.a, log) or b:
            log.append("or")
        if b and await self.get("a", self.a, log) and c:
            log.append("and")
        if not (await self.get("a", self.a, log) or (b and await self.get("c", self.c, log))):
            log.append("not")
        turns = 0
        while (await self.get("a", self.a, log) or b) and turns < 2:
            turns += 1
        log.append("yes" if c or await self.get("a", self.a, log) else "no")
        return log


@application
def asking(a: bool, b: bool, c: bool):
    return Asking(a, b, c)


@pytest.mark.parametrize("truths", [(a, b, c) for a in (False, True) for b in (False, True) for c in (False, True)])
def test_each_value_is_asked_once_and_in_order(truths):
    params = dict(zip("abc", truths, strict=True))
    truth = run(asking, "oracle", **params).value
    assert run(asking, "threads", **params).value == truth
    assert run(asking, "events", **params).value == truth


def test_the_texts_still_have_one_graph():
    params = {"a": True, "b": True, "c": True}
    graphs = [graph_of(asking, text, **params) for text in ("spec", "events", "threads")]
    assert graphs[0] == graphs[1] == graphs[2]
