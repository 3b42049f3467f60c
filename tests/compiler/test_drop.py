"""What is dead at a blocking point is dropped before it, so that a stack keeps no more than a record does."""

import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from duality import run
from duality.compiler import compile_procedure, product_of_threads, program
from tests.compiler.fuzz.compare import apart, load, observe
from tests.compiler.fuzz.programs import programs

Spec = Callable[[str], ModuleType]
NOTE = "  # dead from here on"

# (what is said, body of a procedure `p(self, x, y)`, each line that drops, with the line that stands below it)
DROPPED = [
    ("what nobody reads again", "use(x)\nawait f()\nreturn y", ["del x | f()"]),
    ("what is read later stays", "await f()\nreturn x, y", []),
    ("nothing is dropped where nothing blocks", "use(x)\nuse(y)", []),
    ("an argument of the call itself cannot be", "await f(x)\nreturn y", []),
    ("it goes before the next one", "await f(x)\nawait f()\nreturn y", ["del x | f()"]),
    ("only once", "await f(x)\nawait f()\nawait f()\nreturn y", ["del x | f()"]),
    ("the value that is about to be replaced", "z = use(x, y)\nz = await f(1)\nreturn z, x, y", ["del z | z = f(1)"]),
    ("one that may be unbound is made None", "if x:\n    z = y\nawait f(1)\nreturn x, y", ["z = None | f(1)"]),
    ("some of each", "if x:\n    z = y\nawait f(1)\nreturn y", ["del x; z = None | f(1)"]),
    ("what was never bound is left alone", "await f(x, y)\nz = 1\nreturn z", []),
    ("before the whole statement", "use(x)\nif y:\n    await f(1)\nreturn y", ["del x | if y:"]),
    ("on the one path only", "if y:\n    await f(1)\nelse:\n    use(x)\nreturn y", ["del x | f(1)"]),
    ("a value of the last turn", "while y:\n    z = await f(x)\n    use(z)", ["z = None | z = f(x)"]),
    ("a loop's own variable", "for z in x:\n    await f(y)", ["del z | f(y)"]),
    ("its list the loop holds itself",
     "for z in x:\n    await f(z, y)\nawait f(2)\nreturn y", ["del x; z = None | f(2)"]),
    ("also through enumerate", "for z in enumerate(x):\n    await f(z, y)", []),
    ("but nothing else of its head", "for z in x.items():\n    await f(z, y)", ["x = None | f(z, y)"]),
    ("a loop whose head blocks", "while await f(y):\n    use(x, z := 1)", ["z = None | "]),
    ("and its continue",
     "while await f(y):\n    z = 1\n    if x:\n        continue\n    use(z)", ["del z | continue", "del z | "]),
    ("a handler may read it", "try:\n    await f(1)\nexcept E:\n    use(x)\nreturn y", []),
    ("a finally may", "try:\n    await f(1)\nfinally:\n    use(x, y)", []),
    ("after its last handler not", "try:\n    use(x)\nexcept E:\n    use(x)\nawait f(1)\nreturn y", ["del x | f(1)"]),
    ("an error's name",
     "try:\n    use(x, y)\nexcept E as e:\n    use(e)\n    await f(1)\n    use(x, y)", ["e = None | f(1)"]),
    ("a finally has one text for all ways",
     "try:\n    z = use(x)\n    use(z)\nfinally:\n    await f(y)", ["del x; z = None | f(y)"]),
    ("what the body may have bound, a handler drops",
     "try:\n    z = use(x)\n    use(z)\nexcept E:\n    await f(y)\nreturn y", ["del x; z = None | f(y)"]),
    ("what the body may have dropped, too",
     "try:\n    use(x)\n    await f(1)\nexcept E:\n    await f(2)\nreturn y", ["del x | f(1)", "x = None | f(2)"]),
    ("a lambda may read it", "z = lambda: x\nawait f(1)\nreturn z, y", []),
    ("a function that rebinds it", "def z():\n    nonlocal x\n    x = 1\nz()\nawait f(1)\nreturn z, y", []),
    ("a class may", "class z:\n    def a(self):\n        return x\nawait f(1)\nreturn z, y", []),
    ("a generator expression may", "z = all(x for _ in y)\nawait f(y)\nreturn z", []),
    ("a list is made at once", "z = [x for _ in y]\nawait f(y)\nreturn z", ["del x | f(y)"]),
    ("a global is no local", "global G\nG = x\nawait f(y)\nreturn y", ["del x | f(y)"]),
    ("a pattern's names", "match x:\n    case [a, *b]:\n        await f(1)\n        return a, y", ["del x, b | f(1)"]),
    ("before a return out of a scope", "async with scope() as s:\n    use(x)\n    return y", ["del x | return y"]),
    ("at the end of a scope", "async with scope() as s:\n    use(x, y)\nreturn y", ["del x | return y"]),
    ("an item of a list that the body rebinds", "for z in x:\n    x = use(z)\n    await f(z, y)", ["del x | f(z, y)"]),
    ("the else of a loop holds nothing",
     "for z in x:\n    use(z)\nelse:\n    await f(y)\nreturn y", ["del x; z = None | f(y)"]),
    ("a name that is not only an error's",
     "e = use(x, y)\nawait f(1)\ntry:\n    use(x, y)\nexcept E as e:\n    use(e)", ["e = None | f(1)"]),
    ("an annotation binds nothing", "z: int\nawait f(x, y)\nz = 1\nreturn z", []),
    ("but its value does",
     "try:\n    z: int = use(x)\n    use(z)\nexcept E:\n    await f(y)\nreturn y", ["del x; z = None | f(y)"]),
    ("what blocked may have bound it before something failed",
     "try:\n    z = await f(1)\n    use(z)\nexcept E:\n    await f(y)\nreturn y", ["del x | try:", "z = None | f(y)"]),
    ("so may a pattern, and what it is matched with",
     "try:\n    match (z := use(x)):\n        case [a]:\n            use(a, z)\nexcept E:\n    await f(y)\nreturn y",
     ["del x; z = a = None | f(y)"]),
    ("a comprehension binds a variable of its own",
     "use([z for z in x])\nawait f(y)\nz = 1\nreturn z", ["del x | f(y)"]),
    ("shared in two ways", "z = lambda: x\nw = all(y for _ in z())\nawait f(1)\nreturn z, w", []),
    ("a continue out of a handler, and out of a match",
     "while await f(y):\n    try:\n        z = use(x)\n    except E:\n        z = 1\n        continue\n"
     "    match y:\n        case 1:\n            z = 2\n            continue\n    use(z)",
     ["del z | continue", "del z | continue", "del z | "]),
    ("a return out of a loop in a scope, a break not",
     "async with scope() as s:\n    for z in y:\n        use(x)\n        if z:\n            break\n        return z",
     ["del x | return z", "del x, y; z = None | "]),
    ("a scope in a scope ends first",
     "async with scope():\n    async with scope():\n        use(x)\nreturn y",
     ["del x | x = None" + NOTE, "x = None | return y"]),
    ("a finally to which only a return comes",
     "while use(y):\n    try:\n        if x:\n            return x\n        else:\n            return 1\n    finally:\n"
     "        await f(1)", ["del y | try:", "del x | f(1)"]),
    ("before the decorators", "use(x)\n@use\n@(await f(1))\ndef g():\n    pass\nreturn y", ["del x | @use"]),
    ("an elif has no line before it", "if use(x):\n    pass\nelif await f(y):\n    await f(2)", ["del x, y | f(2)"]),
]  # fmt: skip


def compiled(spec: Spec, body: str) -> Any:
    """The threads program of a procedure `p(self, x, y)`."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    module = spec(
        "G = 0\nclass E(Exception):\n    pass\n\ndef use(*args):\n    pass\n\n"
        "async def f(*args):\n    await yield_now()\n\n"
        f"@module\nclass Main:\n    async def p(self, x, y):\n{lines}\n"
    )
    return compile_procedure(module.Main.p, module.Main, "threads")


@pytest.mark.parametrize(("body", "expected"), [pytest.param(*rest, id=name) for name, *rest in DROPPED])
def test_what_is_dropped_and_where(spec: Spec, body: str, expected: list[str]) -> None:
    made = compiled(spec, body)
    lines = made.text.split("\n")
    found = [
        f"{line.strip().removesuffix(NOTE)} | {below.strip()}"
        for line, below, origin in zip(lines, [*lines[1:], ""], made.origin, strict=True)
        if origin is None
    ]
    assert found == expected
    spec_lines = [line for line, origin in zip(lines, made.origin, strict=True) if origin is not None]
    assert len(spec_lines) == len(made.spec.split("\n")), "and nothing else has changed"


def test_where_a_line_is_shared_so_is_the_drop(spec: Spec) -> None:
    body = "if y: use(x); await f(1)\nz = 'ä'; use(z); \\\nawait f(2)\nasync with scope() as s: z = use(y)\nawait f(3)"
    made = compiled(spec, body)
    assert made.text.split("\n")[1:] == [
        "    if y: use(x); del x; f(1)",
        "    z = 'ä'; use(z); \\",
        "    del z; x = None; f(2)",
        "    with scope() as s: z = use(y); del y, z",
        "    del s; y = None" + NOTE,
        "    f(3)",
    ]
    first = made.first_line
    assert made.origin == [*range(first, first + 5), None, first + 5]
    calls = {(node.label, line, column) for (line, column, *_), node in made.standing.calls.items()}
    assert {("f", 2, 25), ("f", 4, 21), ("end of scope", 5, 9), ("f", 7, 4)} <= calls


def test_one_line_may_drop_more_than_once(spec: Spec) -> None:
    made = compiled(spec, "use(x); await f(1); use(y); await f(2)")
    assert made.text.split("\n")[1:] == ["    use(x); del x; f(1); use(y); del y; f(2)"]
    calls = {(node.label, column) for (_, column, *_), node in made.standing.calls.items()}
    assert calls == {("f", 19), ("f", 40)}


def test_what_is_no_method_has_no_self_to_keep(spec: Spec) -> None:
    module = spec("""
        @module
        class Main:
            @staticmethod
            async def told(x, y):
                await yield_now()
                return y

        async def helper(x, y):
            await yield_now()
            return y
    """)
    for function, owner in ((module.helper, None), (module.Main.told, module.Main)):
        made = compile_procedure(function, owner, "threads")
        assert f"del x{NOTE}" in made.text, made.text


# -- a megabyte --------------------------------------------------------------------------------------------------------

HELD = """
    import gc
    import weakref

    class Megabyte:
        def __init__(self):
            self.data, self.me = bytearray(1 << 20), weakref.ref(self)

    def there(me):
        gc.collect()
        return me() is not None

    @module
    class Main:
        async def looking(self, me):
            await yield_now()
            return there(me)

        async def handed(self, page, me):
            me.append(page.me)
            return await self.looking(me[0])

        async def a_local(self):
            page = Megabyte()
            me = page.me
            return await self.looking(me)

        async def a_parameter(self):
            return await self.handed(Megabyte(), [])

        async def a_task_s_argument(self):
            return await join(fork(self.handed, Megabyte(), []))

        async def the_last_turn(self):
            me = held = None
            for turn in range(2):
                held = me and await self.looking(me)
                page = Megabyte()
                me = page.me
            return held

        async def a_head_that_rests(self):
            me, held = (lambda: None), []
            while not held.append(await self.looking(me)) and len(held) < 2:
                page = Megabyte()
                me = page.me
            return held[1]

        async def a_handler(self):
            page = Megabyte()
            me = page.me
            try:
                await self.fails()
            except ValueError:
                return await self.looking(me)

        async def fails(self):
            await yield_now()
            raise ValueError

        async def a_finally(self):
            page = Megabyte()
            me = page.me
            try:
                me()
            finally:
                held = await self.looking(me)
            return held

        async def one_path(self):
            page = Megabyte()
            me = page.me
            if me() is page:
                held = await self.looking(me)
            else:
                held = page
            return held

        async def a_scope(self):
            async with scope() as group:
                page = Megabyte()
                me = page.me
                looking = group.fork(self.looking, me)
            return await join(looking)

        @procedure
        async def main(self, way):
            return await getattr(self, way)()
"""


WAYS = re.findall(r"async def (a_\w+|the_\w+|one_\w+)", HELD)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("on", "kept"), [("events", False), ("threads", False), ("oracle", True)])
def test_a_megabyte_that_is_dead_across_a_rest_is_freed_during_it(spec: Spec, on: str, kept: bool, way: str) -> None:
    text = HELD.replace("getattr(self, way)()", f"self.{way}()").replace("main(self, way)", "main(self)")
    module = spec(f"{text}\n    @application\n    def app():\n        return Main()\n")
    assert run(module.app, on).value == kept


# -- nothing else changes ----------------------------------------------------------------------------------------------

PLACED = """
    @module
    class Main:
        async def p(self, x):
            for turn in (1, 2):
                y = x + turn
                print(y, end="")
                await yield_now()
            while await self.more(x):
                y = x
                print(y, end="")
                if x:
                    continue
            async with scope() as group:
                y = group.fork(self.more, x)
                print(end="")
            await yield_now()
            1 / 0

        async def more(self, x):
            await yield_now()
            return x != 1

        @procedure
        async def main(self):
            return await self.p(1)

    @application
    def app():
        return Main()
"""


def seen(module: ModuleType, on: str) -> tuple[list[tuple[str, int]], list[int]]:
    """Of a run that fails: the frames of its traceback, and the lines of `p` that a tracer saw, in order."""
    lines: list[int] = []

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != module.__file__:
            return None
        if event == "line" and frame.f_code.co_name == "p" and frame.f_lineno > frame.f_code.co_firstlineno:
            lines.append(frame.f_lineno)
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        run(module.app, on)
    except ZeroDivisionError as error:
        frames = traceback.extract_tb(error.__traceback__)
        return [(one.name, one.lineno or 0) for one in frames if one.filename == module.__file__], lines
    finally:
        sys.settrace(before)
    raise AssertionError("it did not fail")


def test_tracebacks_and_tracers_see_the_spec_s_lines_only(spec: Spec, capsys: pytest.CaptureFixture[str]) -> None:
    module = spec(PLACED)
    made = program(module.app, "threads").find("p")[0]
    assert made.text.count(NOTE) >= 4
    assert seen(module, "threads") == seen(module, "oracle")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # random programs forget to await
def test_random_programs_do_the_same_with_and_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dropping = []

    @seed(6)
    @settings(
        max_examples=30, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(programs(60))
    def every(text: str) -> None:
        outcomes = []
        for drops in (product_of_threads.drops, lambda lowered: []):
            module = load(text, tmp_path, "same")
            with monkeypatch.context() as patched:
                patched.setattr(product_of_threads, "drops", drops)
                made = program(module.app, "threads")
            own = (one.text for one in made.products if one.file == module.__file__)  # what it imports is made once
            dropping.append(sum(text.count(NOTE) for text in own))
            outcomes.append(observe(module.app, "threads", "direct")[:2])
        assert outcomes[0] == outcomes[1], f"{text}\n{apart(outcomes[1], outcomes[0])}"

    every()
    assert sum(dropping[::2]) > 60
    assert sum(dropping[1::2]) == 0
