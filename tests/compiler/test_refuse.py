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
        "async for over what is no module",
        "async for one in Plain(x):  #!\n    print(one)",
        "`async for` over Plain, which is no module, and no asynchronous generator.",
        "Write a @module with `__aiter__` and `__anext__`, or an `async def` with `yield`.",
    ),
    (
        "async for over a function of another library",
        "async for one in ast.parse(x):  #!\n    print(one)",
        "`async for` over ast.parse, which is no module, and no asynchronous generator.",
        "Write a @module with `__aiter__` and `__anext__`, or an `async def` with `yield`.",
    ),
    (
        "asynchronous comprehension over what is no module",
        "return [one async for one in Plain(x)]  #!",
        "`async for` over Plain, which is no module, and no asynchronous generator.",
        "Write a @module with `__aiter__` and `__anext__`, or an `async def` with `yield`.",
    ),
    (
        "async with of what is no module",
        "async with Plain(x) as one:  #!\n    print(one)",
        "`async with` of Plain, which is no module.",
        "Write a @module with `__aenter__` and `__aexit__`.",
    ),
    (
        "async with of a decorated generator",
        "async with scope() as s, lent(x) as one:  #!\n    print(one)",
        "`async with` of lent, which is no module.",
        "Write a @module with `__aenter__` and `__aexit__`.",
    ),
    (
        "an asynchronous generator is awaited",
        "return await self.g()  #!",
        "`await` of self.g, which is an asynchronous generator.",
        "Go through it: `async for ... in self.g(...)`.",
    ),
    (
        "an asynchronous generator of the file is awaited",
        "return await stream(x)  #!",
        "`await` of stream, which is an asynchronous generator.",
        "Go through it: `async for ... in stream(...)`.",
    ),
    (
        "inner procedure",
        "async def inner():  #!\n    pass",
        "`async def inner` inside a procedure: it would be a procedure of no module, "
        "which the blocking graph could not name.",
        "Make it a method, or a function of the file, and hand it the variables it uses.",
    ),
    (
        "asynchronous generator expression",
        "return (one async for one in x)  #!",
        "an asynchronous generator expression would rest wherever it is used up, even outside any procedure.",
        "Write a list comprehension, or a `for` loop that fills a list.",
    ),
    (
        "generator expression that rests",
        "return sum(await self.q() for one in x)  #!",
        "an asynchronous generator expression would rest wherever it is used up, even outside any procedure.",
        "Write a list comprehension, or a `for` loop that fills a list.",
    ),
    (
        "an entry that is inherited, from a procedure",
        "return await super().held()  #!",
        "`super().held` is an @entry of Above, and Main.p does not hold the module.",
        "Make Main.p an @entry too: what is inherited runs as a part of it.",
    ),
    (
        "a staticmethod",
        "await self.aside()  #!",
        "`await` of self.aside, which is a staticmethod: a procedure belongs to one module.",
        "Give it a `self`, or make it a function of the file.",
    ),
    (
        "a classmethod",
        "await self.of_all()  #!",
        "`await` of self.of_all, which is a classmethod: a procedure belongs to one module.",
        "Give it a `self`, or make it a function of the file.",
    ),
    (
        "a function of another file that does not rest",
        "await ast.parse(x)  #!",
        "`await` of ast.parse, which is no operation of duality.",
        "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join.",
    ),
    (
        "a helper of another file that is not awaited",
        "return shelf.parse(x)  #!",
        "shelf.parse is called and not awaited.",
        "Write `await shelf.parse(...)`, or `fork(shelf.parse, ...)`.",
    ),
    (
        "a plain function of another file",
        "return await shelf.plain(x)  #!",
        "`await` of shelf.plain, which is no `async def`.",
        "Call it without `await`.",
    ),
    (
        "eval",
        "await self.q()\nreturn eval('x')  #!",
        "`eval()` in a procedure that rests: its variables are not all in one place.",
        "Name the variables you mean.",
    ),
    (
        "no call",
        "await x  #!",
        "`await` of something that is no call.",
        "Await a call directly (`await m.p(x)`); for a task, `await join(task)`.",
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
        "Its procedures: g, held, main, p, q.",
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
        "reply of nothing",
        "reply()  #!",
        "`reply(...)` takes the one value that the caller is to get.",
        "Write `reply(None)` if there is nothing to say.",
    ),
    (
        "reply of two",
        "reply(1, 2)  #!",
        "`reply(...)` takes the one value that the caller is to get.",
        "Write `reply(None)` if there is nothing to say.",
    ),
    (
        "reply of a star",
        "reply(*x)  #!",
        "`reply(...)` takes the one value that the caller is to get.",
        "Write `reply(None)` if there is nothing to say.",
    ),
    (
        "reply as a value",
        "x = reply(1)  #!",
        "`reply` is used as a value, and gives none.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply handed on",
        "plain(reply)  #!",
        "`reply` is used as a value, and gives none.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply within a reply",
        "reply(reply(1))  #!",
        "`reply` is used as a value, and gives none.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply in a comprehension",
        "[reply(one) for one in x]  #!",
        "`reply` is used as a value, and gives none.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply awaited",
        "await reply(1)  #!",
        "`await` of reply, which is no `async def`.",
        "Call it without `await`.",
    ),
    (
        "reply in a lambda",
        "f = lambda: reply(1)  #!",
        "`reply` in a lambda, which has no caller that awaits it.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply in an inner function",
        "def f():\n    reply(1)  #!",
        "`reply` in an inner function, which has no caller that awaits it.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply in a class body",
        "class C:\n    reply(1)  #!",
        "`reply` in a class body, which has no caller that awaits it.",
        "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers.",
    ),
    (
        "reply inside a deadline",
        "with fail_after(1):\n    reply(x)  #!",
        "`reply(...)` inside `with fail_after(1)`: the block belongs to the task that is answered, and its end would "
        "come in another one.",
        "Reply before the block, or behind it.",
    ),
    (
        "reply inside another deadline",
        "with open(x), move_on_after(1) as m:\n    if x:\n        reply(x)  #!",
        "`reply(...)` inside `with move_on_after(1)`: the block belongs to the task that is answered, and its "
        "end would come in another one.",
        "Reply before the block, or behind it.",
    ),
    (
        "reply inside a scope",
        "async with scope() as s:\n    reply(x)  #!",
        "`reply(...)` inside `async with scope()`: the block belongs to the task that is answered, and its end would "
        "come in another one.",
        "Reply before the block, or behind it.",
    ),
    (
        "self bound again",
        "self = x  #!",
        "`self` is bound again: a procedure belongs to one module.",
        "Use another name.",
    ),
]
FILE = """\
import ast
import asyncio
from asyncio import sleep as nap
from contextlib import asynccontextmanager
from tests.compiler import shelf

def plain(x):
    return x

class Plain(list):
    pass

@asynccontextmanager
async def lent(x):
    yield x

async def stream(x):
    yield x

@module
class Other:
    full: Condition = field(factory=Condition)

@module
class Above:
    @entry
    async def held(self):
        pass

@module
class Main(Above):
    other: Other = field(factory=Other)

    async def q(self):
        pass

    async def g(self):
        yield 1

    @staticmethod
    async def aside():
        pass

    @classmethod
    async def of_all(cls):
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


def test_an_asynchronous_generator_replies_by_yielding(spec: Spec) -> None:
    module = spec(
        """
        @module
        class Main:
            async def p(self):
                yield 1
                reply(2)
        """
    )
    for side in ("events", "threads"):
        with pytest.raises(SpecError) as refused:
            compile_procedure(module.Main.p, module.Main, side)
        assert refused.value.message == "`reply(...)` in an asynchronous generator, which answers with every `yield`."
        assert (refused.value.line, refused.value.advice) == (7, "Yield the value.")


def test_another_thing_of_that_name_is_no_reply(spec: Spec) -> None:
    module = spec(
        """
        @module
        class Main:
            def reply(self, value):
                return value

            @procedure
            async def main(self):
                reply = self.reply
                reply(1)
                return [reply(2), (lambda reply: reply(3))(reply), self.reply(4)]

        @application
        def app():
            return Main()
        """
    )
    for on in ("oracle", "threads", "events"):
        assert run(module.app, on).value == [2, 3, 4]
    for function in ("lambda reply: reply(1)", "lambda: [reply for reply in (1, 2)]"):
        other = spec(f"""
        @module
        class Main:
            async def p(self):
                return {function}
        """)
        assert "reply" in compile_procedure(other.Main.p, other.Main, "threads").text


INHERITED = """
    @module
    class Above:
        @entry
        async def p(self):
            return 1

    @module
    class Main(Above):
        @entry
        async def p(self):
            task = fork(super().p)
            return await join(task)
"""


def test_an_inherited_entry_is_not_handed_on(spec: Spec) -> None:
    module = spec(INHERITED)
    for side in ("events", "threads"):
        with pytest.raises(SpecError, match="not awaited here: only this procedure holds the module") as refused:
            compile_procedure(module.Main.p, module.Main, side)
        assert (refused.value.source or "").strip() == "task = fork(super().p)"


def test_assertion_error_may_not_be_another(spec: Spec) -> None:
    module = spec("""
        class AssertionError(Exception):
            pass

        @module
        class Main:
            async def p(self):
                assert await self.p()
    """)
    with pytest.raises(SpecError, match="where `AssertionError` is a name of the spec") as refused:
        compile_procedure(module.Main.p, module.Main, "events")
    assert (refused.value.source or "").strip() == "assert await self.p()"


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


@pytest.mark.parametrize("mark", ["entry", "procedure"])
def test_what_is_called_from_outside_does_not_yield(spec: Spec, mark: str) -> None:
    """It would hold the module until somebody asks for the next value, and nobody may ever do."""
    with pytest.raises(SpecError) as refused:
        spec(f"@module\nclass Main:\n    @{mark}\n    async def p(self):\n        yield 1\n")
    assert refused.value.message.startswith(f"@{mark} on Main.p, which has a `yield`")
    assert refused.value.line == 5


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
