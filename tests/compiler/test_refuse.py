"""Every refusal: file, line, source line, reason and advice, exactly. What one side refuses all three refuse."""

import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from duality import SpecError, run
from duality.compiler import compile_procedure, program

Spec = Callable[[str], ModuleType]

# (name, body of a procedure `p(self, x)` of a module; the refused line is marked by `#!`, reason, advice)
REFUSED = [
    (
        "async for",
        "async for one in x:  #!\n    print(one)",
        "`async for` is not handled yet.",
        "Write a `while` loop that awaits each item.",
    ),
    (
        "several scopes",
        "async with scope() as s, scope() as t:  #!\n    s.fork(self.q)",
        "`async with` with several scopes.",
        "Nest them: one `async with` each.",
    ),
    (
        "another asynchronous manager",
        "async with x:  #!\n    pass",
        "`async with` is handled for `scope()` only.",
        "Await the setting-up, and the closing in a `finally`.",
    ),
    (
        "comprehension",
        "return [await self.q() for one in x]  #!",
        "`await` inside a comprehension is not handled yet.",
        "Write it as a `for` loop.",
    ),
    (
        "asynchronous comprehension",
        "return [one async for one in x]  #!",
        "`await` inside a comprehension is not handled yet.",
        "Write it as a `for` loop.",
    ),
    (
        "except*",
        "try:  #!\n    await self.q()\nexcept* ValueError:\n    pass",
        "`await` inside a `try` with `except*` is not handled yet.",
        "Catch the group and look through `.exceptions`.",
    ),
    (
        "assert",
        "assert await self.q()  #!",
        "`await` inside `assert` is not handled yet.",
        "Await into a variable first, and assert about that.",
    ),
    (
        "jump out of the else of an awaiting while",
        "while x:\n    while await self.q():  #!\n        pass\n    else:\n        break",
        "a `while` whose test awaits, with an `else` that jumps out.",
        "Await the test inside `while True:`.",
    ),
    (
        "guard",
        "match x:\n    case 1 if await self.q():  #!\n        pass",
        "`await` in the guard of a `case` is not handled yet.",
        "Await before the `match`.",
    ),
    (
        "type of an except",
        "try:\n    pass\nexcept (await self.q()):  #!\n    pass",
        "`await` in the type of an `except` is not handled.",
        "Await into a variable before the `try`.",
    ),
    (
        "inner procedure",
        "async def inner():  #!\n    pass",
        "an `async def` inside a procedure is not handled yet.",
        "Make it a method, or a function of the file.",
    ),
    (
        "default of an inner function",
        "def inner(y=await self.q()):  #!\n    pass",
        "`await` in a decorator, base or default value is not handled.",
        "Await into a variable first.",
    ),
    (
        "no call",
        "await x  #!",
        "`await` of something that is no call.",
        "Await a call directly (`await m.p(x)`); for a task, `await join(task)`.",
    ),
    (
        "super",
        "await super().q()  #!",
        "`await super()...` is not handled yet.",
        "Give the inherited procedure a name of its own and await that.",
    ),
    (
        "asyncio.sleep",
        "await asyncio.sleep(1)  #!",
        "`await` of asyncio.sleep, which is no operation of duality.",
        "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join.",
    ),
    (
        "asyncio's sleep by name",
        "await nap(1)  #!",
        "`await` of nap, which is no operation of duality.",
        "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join.",
    ),
    (
        "a plain function",
        "await plain(1)  #!",
        "`await` of plain, which is no `async def`.",
        "Call it without `await`.",
    ),
    (
        "a procedure that is not awaited",
        "await self.q()\nself.q()  #!",
        "self.q is called and not awaited.",
        "Write `await self.q(...)`, or `fork(self.q, ...)`.",
    ),
    (
        "a procedure that is not there",
        "await self.missing()  #!",
        "`await` of self.missing: Main has no procedure `missing`.",
        "Its procedures: main, p, q.",
    ),
    (
        "a wait from outside",
        "while x:\n    await self.other.full.wait()  #!",
        "`await` in a condition's wait outside an entry of its own module.",
        "A condition releases the lock of the module that declares it, and no lock is held here. "
        "Move the loop into an @entry of Other.",
    ),
    (
        "locals",
        "await self.q()\nreturn locals()  #!",
        "`locals()` in a procedure that rests: its variables are not all in one place.",
        "Name the variables you mean.",
    ),
    (
        "reply",
        "reply(1)  #!",
        "`reply(...)` is not handled yet.",
        "Fork the work that is left, and `return` the value.",
    ),
    (
        "self bound again",
        "self = x  #!",
        "`self` is bound again: a procedure belongs to one module.",
        "Use another name.",
    ),
]
FILE = """\
import asyncio
from asyncio import sleep as nap

def plain(x):
    return x

@module
class Other:
    full: Condition = field(factory=Condition)

@module
class Main:
    other: Other = field(factory=Other)

    async def q(self):
        pass

    @procedure
    async def p(self, x=()):
{body}

    @procedure
    async def main(self):
        return await self.p()

@application
def app():
    return Main()
"""


def written(body: str) -> str:
    return FILE.format(body="\n".join(f"        {line}" for line in body.splitlines()))


@pytest.mark.parametrize(("body", "reason", "advice"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
def test_a_refusal_says_where_and_why_and_what_to_write(spec: Spec, body: str, reason: str, advice: str) -> None:
    module = spec(written(body))
    lines = Path(str(module.__file__)).read_text().splitlines()
    number, source = next((number, line) for number, line in enumerate(lines, 1) if "#!" in line)
    for side in ("events", "threads"):
        with pytest.raises(SpecError) as refused:
            compile_procedure(vars(module.Main)["p"], module.Main, side)
        error = refused.value
        assert (error.message, error.advice) == (reason, advice)
        assert (error.file, error.line, error.source) == (module.__file__, number, source)
        assert str(error) == f"{module.__file__}:{number}: {reason}\n{number:>6} | {source.rstrip()}\n{advice}"


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
def test_the_three_refuse_alike(spec: Spec, on: str) -> None:
    with pytest.raises(SpecError, match="asyncio.sleep, which is no operation of duality"):
        run(spec(written("await asyncio.sleep(1)")).app, on)


@pytest.mark.parametrize(
    "binding",
    ["import x", "with x as y:\n    x = 1\nif (x := 2):\n    pass", "try:\n    pass\nexcept ValueError as x:\n    pass",
     "match 1:\n    case x:\n        pass"],
)  # fmt: skip
def test_a_cell_that_cannot_be_written_is_refused(spec: Spec, binding: str) -> None:
    module = spec(written(f"{binding}\nuse = lambda: x\nawait self.q()\nreturn use()"))
    with pytest.raises(SpecError, match="an inner function captures a variable that is bound by") as refused:
        compile_procedure(vars(module.Main)["p"], module.Main, "events")
    assert str(refused.value.advice).startswith("Assign it to a name of its own first")


WAITS = """
    @module
    class Main:
        full: Condition = field(factory=Condition)
        ready: bool = False

        @entry
        async def p(self):
            {wait}

        @procedure
        async def main(self):
            return await self.p()

    @application
    def app():
        return Main()
"""


def test_a_wait_without_a_while_is_warned_of(spec: Spec) -> None:
    module = spec(WAITS.format(wait="if not self.ready: await self.full.wait()"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile_procedure(vars(module.Main)["p"], module.Main, "events")
    assert [(one.filename, one.lineno, one.category) for one in caught] == [(module.__file__, 10, SyntaxWarning)]
    assert "a signalled waiter must look again" in str(caught[0].message)


def test_a_wait_in_a_while_is_not(spec: Spec) -> None:
    module = spec(WAITS.format(wait="while not self.ready: await self.full.wait()"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_procedure(vars(module.Main)["p"], module.Main, "events")


def test_a_module_from_outside_the_application_is_refused(spec: Spec) -> None:
    module = spec(
        """
        @module
        class Main:
            async def p(self):
                return await SHARED.p()

        SHARED = Main()
        """
    )
    with pytest.raises(SpecError, match="`SHARED` is a module that was built outside any application"):
        compile_procedure(module.Main.p, module.Main, "events")


def test_a_generator_is_refused(spec: Spec) -> None:
    module = spec(
        """
        @module
        class Main:
            async def p(self):
                yield 1
        """
    )
    with pytest.raises(SpecError, match="async generator"):
        compile_procedure(module.Main.p, module.Main, "threads")


@pytest.mark.parametrize(
    "call", ["sleep(1)", "join(task)", "yield_now()", "net.connect('localhost', 1)", "self.never.wait()"]
)
def test_an_operation_that_is_called_and_not_awaited_is_refused(spec: Callable[[str], ModuleType], call: str) -> None:
    made = spec(
        f"""
    from duality import disk, net, sleep

    @module
    class Main:
        never: Condition = field(factory=Condition)

        @entry
        async def main(self, task=None):
            {call}
    """
    )
    for side in ("threads", "events"):
        with pytest.raises(SpecError, match="is called and not awaited") as refused:
            program(made.Main, side)
        assert (refused.value.source or "").strip() == call
