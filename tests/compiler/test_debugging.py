"""What a person sees who looks into a spec while it runs, or after it failed: its own frames, lines and variables.

The oracle is CPython itself, running the spec's coroutines: whatever it shows, both compiled programs must show.
"""

import ast
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

import duality
from duality import run

Spec = Callable[[str], ModuleType]
SIDES = ("threads", "events", "oracle")
ROOT = Path(duality.__file__).parents[1]
PATIENCE = 60

# ---- tracebacks ------------------------------------------------------------------------------------------------------

FAILING = """
    class Spoilt(Exception):
        pass

    @module
    class Deep:
        rests: bool

        async def bottom(self, name):
            if self.rests:
                await yield_now()
            raise Spoilt(name)

        @entry
        async def held(self, name):
            await self.bottom(name)

        @procedure
        async def top(self, name):
            await self.held(name)

    async def helper(deep, name):
        return [0, await deep.top(name)]

    @module
    class Main:
        deep: Deep
        which: str

        async def through(self):
            await self.deep.top("through")

        async def helped(self):
            x = await helper(self.deep, "helped")
            return x

        async def after_rests(self):
            await yield_now()
            for turn in range(3):
                await sleep(0)
                if turn == 1:
                    await self.deep.top("late")

        async def in_except(self):
            try:
                await self.deep.top("first")
            except Spoilt:
                await yield_now()
                await self.deep.top("second")

        async def in_finally(self):
            try:
                await self.deep.top("first")
            finally:
                await yield_now()
                await self.deep.top("second")

        async def passes_a_finally(self):
            try:
                await self.deep.top("passing")
            finally:
                await yield_now()

        async def again(self):
            try:
                await self.deep.top("again")
            except Spoilt:
                await yield_now()
                raise

        async def by_name(self):
            try:
                await self.deep.top("by name")
            except Spoilt as error:
                await yield_now()
                raise error

        async def raise_from(self):
            try:
                await self.deep.top("the cause")
            except Spoilt as error:
                await yield_now()
                raise ValueError("from it") from error

        async def from_none(self):
            try:
                await self.deep.top("hidden")
            except Spoilt:
                raise ValueError("instead") from None

        async def joined(self):
            child = fork(self.deep.top, "child")
            await yield_now()
            await join(child)

        async def joined_twice(self):
            child = fork(self.deep.top, "child")
            try:
                await join(child)
            except Spoilt:
                pass
            await join(child)

        async def a_group(self):
            async with scope() as s:
                s.fork(self.deep.top, "one")
                s.fork(self.through)
                await yield_now()

        async def a_group_and_the_body(self):
            async with scope() as s:
                s.fork(self.deep.top, "one")
                raise ValueError("in the body")

        async def in_a_with(self):
            with fail_after(100):
                await self.deep.top("in a with")

        async def too_late(self):
            with fail_after(0.001):
                await sleep(100)

        async def in_a_plain_function(self):
            await yield_now()
            return self.plain(0)

        def plain(self, x):
            return 1 / x

        async def asserted(self):
            await yield_now()
            assert self.which == (
                "something else"
            ), "no"

        async def of_a_system_call(self):
            await disk.open("/nowhere/at/all")

        @procedure
        async def main(self):
            return await getattr(self, self.which)()

    @application
    def app(which: str, rests: bool = False):
        return Main(Deep(rests), which)
"""
WAYS = [
    "through", "helped", "after_rests", "in_except", "in_finally", "passes_a_finally", "again", "by_name", "raise_from",
    "from_none", "joined", "joined_twice", "a_group", "a_group_and_the_body", "in_a_with", "too_late",
    "in_a_plain_function", "asserted", "of_a_system_call",
]  # fmt: skip


def failure(module: ModuleType, on: str, **options: Any) -> BaseException:
    """What a run of ``module.app`` ends with."""
    with pytest.raises(BaseException) as caught:
        run(module.app, on, **options)
    assert not isinstance(caught.value, duality.SpecError)
    return caught.value


def told(error: BaseException | None) -> Any:
    """All that a traceback shows of ``error``: every frame but the test's own, its causes, contexts and parts."""
    if error is None:
        return None
    frames = [
        (one.filename, one.lineno, one.name, one.line)
        for one in traceback.extract_tb(error.__traceback__)
        if one.filename != __file__
    ]
    parts = [told(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    hidden = error.__suppress_context__
    context = None if hidden else told(error.__context__)
    return type(error).__name__, str(error), frames, hidden, told(error.__cause__), context, parts


def files(story: Any) -> set[str]:
    """The files in which the frames of a story are."""
    if story is None:
        return set()
    inner = [story[4], story[5], *story[6]]
    return {frame[0] for frame in story[2]}.union(*map(files, inner))


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("rests", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_a_traceback_shows_the_same_frames_of_the_spec_whoever_runs_it(
    spec: Spec, way: str, rests: bool, crossing: str
) -> None:
    module = spec(FAILING)
    stories = {on: told(failure(module, on, crossing=crossing, which=way, rests=rests)) for on in SIDES}
    assert stories["threads"] == stories["oracle"]
    assert stories["events"] == stories["oracle"]
    assert files(stories["oracle"]) == {module.__file__}


@pytest.mark.parametrize("on", SIDES)
def test_no_frame_of_ours_stands_between_and_none_of_a_generated_file(spec: Spec, on: str) -> None:
    module = spec(FAILING)
    error = failure(module, on, which="after_rests", rests=True)
    names = [(Path(one.filename).name, one.name) for one in traceback.extract_tb(error.__traceback__)]
    spec_name = Path(str(module.__file__)).name
    procedures = ["main", "after_rests", "top", "held", "bottom"]
    assert names == [(Path(__file__).name, "failure"), *((spec_name, name) for name in procedures)]


@pytest.mark.parametrize("on", SIDES)
def test_what_is_underlined_is_the_specs_own(spec: Spec, on: str) -> None:
    """The words that Python points at are those of a call in the spec's line, never a piece out of another text."""
    module = spec(FAILING)
    error = failure(module, on, which="helped", rests=True)
    source = Path(str(module.__file__)).read_text()
    calls = {ast.get_source_segment(source, node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr)}
    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()
    underlined = 0
    for line, below in zip(lines, lines[1:], strict=False):
        if below.strip() and set(below.strip()) <= {"^", "~"} and line.startswith("    "):
            words = line[len(below) - len(below.lstrip()) : len(below.rstrip())]
            assert words in calls, (line, below)
            underlined += 1
    assert on == "events" or underlined


# ---- pdb -------------------------------------------------------------------------------------------------------------

STOPPING = """\
import pdb
from attrs import field
from duality import *


@module
class Shelf:
    books: list = field(factory=list)
    change: Condition = field(factory=Condition)

    @entry
    async def take(self, title):
        seen = 0
        while title not in self.books:
            seen += 1
            await self.change.wait()
            breakpoint()
        left = len(self.books) - 1
        self.books.remove(title)
        return left

    @entry
    async def put(self, title):
        self.books.append(title)
        self.change.broadcast()


@module
class Main:
    shelf: Shelf

    async def reads(self, titles):
        found = []
        for number, title in enumerate(titles):
            left = await self.shelf.take(title)
            pdb.set_trace()
            found.append((number, title, left))
        return found

    @procedure
    async def main(self):
        reading = fork(self.reads, ["b", "a"])
        total = 0
        for title in "abc":
            await yield_now()
            await self.shelf.put(title)
            total += 1
        found = await join(reading)
        return found, total


@application
def app():
    return Main(Shelf())
"""
PROGRAM = """\
import sys
from duality import run
import spec
print("gives", run(spec.app, sys.argv[1]).value)
"""


def session(folder: Path, on: str, commands: list[str], *python: str, text: str = STOPPING) -> list[str]:
    """Everything that a pdb session in a process of its own says, line by line, without the prompts."""
    (folder / "spec.py").write_text(text)
    (folder / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, *python, "program.py", on], cwd=folder, input="\n".join([*commands, ""]), text=True,
        capture_output=True, timeout=PATIENCE, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONBREAKPOINT": "pdb.set_trace"},
    )  # fmt: skip
    assert done.stderr == ""
    said = done.stdout.replace(str(folder) + os.sep, "").replace("(Pdb) ", "")
    return [line for line in said.splitlines() if line.strip()]


def line_of(text: str, source: str) -> int:
    """The line of ``source`` that is ``text``."""
    return next(number for number, line in enumerate(source.splitlines(), 1) if line.strip() == text)


def stop(text: str, procedure: str, source: str) -> list[str]:
    """What pdb says when it has stopped before a line."""
    return [f"> spec.py({line_of(text, source)}){procedure}()", f"-> {text}"]


AT_ONCE = sys.version_info >= (3, 13)  # `breakpoint()` stops at itself; before, at the line that comes next


@pytest.mark.parametrize("on", SIDES)
def test_a_breakpoint_in_a_spec_stops_there_with_its_variables(tmp_path: Path, on: str) -> None:
    in_take, in_reads = ["p title, seen, self.books", "c"], ["p number, title, left, found", "c"]
    taken = stop("breakpoint()" if AT_ONCE else "while title not in self.books:", "take", STOPPING)
    found = stop("pdb.set_trace()" if AT_ONCE else "found.append((number, title, left))", "reads", STOPPING)
    assert session(tmp_path, on, [*in_take, *in_take, *in_reads, *in_reads]) == [
        *taken, "('b', 1, ['a'])",
        *taken, "('b', 2, ['a', 'b'])",
        *found, "(0, 'b', 1, [])",
        *found, "(1, 'a', 0, [(0, 'b', 1)])",
        "gives ([(0, 'b', 1), (1, 'a', 0)], 3)",
    ]  # fmt: skip


QUIET = STOPPING.replace("            breakpoint()\n", "").replace("            pdb.set_trace()\n", "")
# What is alive at each line: among events a handler has no more than that.
LOOKS = {
    "await self.change.wait()": "title, seen",
    "return left": "left",
    "total += 1": "total, reading",
    "found = await join(reading)": "total, reading",
}


@pytest.mark.parametrize("on", SIDES)
def test_a_breakpoint_set_from_outside_stops_once_each_time_the_line_is_run(tmp_path: Path, on: str) -> None:
    waits, returns, counts, joins = LOOKS
    places = {waits: "take", returns: "take", counts: "main", joins: "main"}
    expected = [
        (waits, "'b', 1"), (counts, "0, <task 0.1>"), (waits, "'b', 2"), (counts, "1, <task 0.1>"), (returns, "1"),
        (returns, "0"), (counts, "2, <task 0.1>"), (joins, "3, <task 0.1>"),
    ]  # fmt: skip
    setting = [f"break spec.py:{line_of(text, QUIET)}" for text in places]
    looks = [look for text, _ in expected for look in (f"p {LOOKS[text]}", "c")]
    said = session(tmp_path, on, [*setting, "c", *looks, "q"], "-m", "pdb", text=QUIET)
    stops = []
    for text, shown in expected:
        value = f"({shown})" if "," in LOOKS[text] else shown
        stops += [*stop(text, places[text], QUIET), value]
    begins = next(place for place, line in enumerate(said) if line.startswith("> spec.py"))
    assert said[: begins] == [
        "> program.py(1)<module>()", "-> import sys",
        *(f"Breakpoint {number} at spec.py:{line_of(text, QUIET)}" for number, text in enumerate(places, 1)),
    ]  # fmt: skip
    assert said[begins : begins + len(stops)] == stops
    assert said[begins + len(stops)] == "gives ([(0, 'b', 1), (1, 'a', 0)], 3)"


@pytest.mark.parametrize("on", SIDES)
def test_a_procedure_can_be_stepped_through_line_by_line_between_two_rests(tmp_path: Path, on: str) -> None:
    first, second, third = "left = len(self.books) - 1", "self.books.remove(title)", "return left"
    commands = [f"break spec.py:{line_of(first, QUIET)}", "c", "n", "p left", "n", "p self.books, left", "q"]
    said = session(tmp_path, on, commands, "-m", "pdb", text=QUIET)
    begins = next(place for place, line in enumerate(said) if line.startswith("> spec.py"))
    assert said[begins:] == [
        *stop(first, "take", QUIET), *stop(second, "take", QUIET), "1", *stop(third, "take", QUIET), "(['a'], 1)",
    ]  # fmt: skip


# ---- coverage and tracers --------------------------------------------------------------------------------------------

COVERED = """\
from attrs import field
from duality import *


class Odd(Exception):
    pass


async def helper(x):
    if x > 100:
        return "never"
    await yield_now()
    return x


@module
class Cellar:
    wine: list = field(factory=list)
    change: Condition = field(factory=Condition)

    @entry
    async def fetch(self):
        while not self.wine:
            await self.change.wait()
        bottle = self.wine.pop()
        return bottle

    @entry
    async def store(self, bottle):
        if bottle is None:
            raise Odd("never")
        self.wine.append(bottle)
        self.change.signal()

    @procedure
    async def fails(self):
        await sleep(0)
        raise Odd("always")


@module
class Main:
    cellar: Cellar

    async def catches(self):
        log = []
        for turn in range(3):
            try:
                if turn == 0:
                    await self.cellar.fails()
                elif turn == 1:
                    log.append(
                        await helper(turn)
                    )
                    continue
                else:
                    break
                log.append("never")
            except Odd as error:
                log.append(str(error))
                await yield_now()
            except ValueError:
                log.append("never")
            finally:
                await yield_now()
                log.append("finally")
        else:
            log.append("never")
        return log

    async def nested(self, n):
        total = 0
        while n:
            n -= 1
            for x in range(n):
                if x % 2:
                    total += await helper(x)
                    continue
                total += x
        with move_on_after(5):
            await sleep(1)
            total += 1
        with move_on_after(0.001):
            await sleep(1)
            total = -1
        match total:
            case 0:
                return "never"
            case _ if await helper(True):
                pass
        return (
            total
            if await helper(1)
            else "never"
        )

    @procedure
    async def main(self):
        'Nothing of this is a line.'
        fetching = fork(self.cellar.fetch)
        await yield_now()
        await self.cellar.store("red")
        async with scope() as s:
            one = s.fork(self.catches)
            two = s.fork(self.nested, 4)
        squares = [x * x for x in range(3)]
        plain = lambda x: (
            x + 1
        )
        def inner(x):
            return x + squares[0]
        return (
            await join(fetching),
            one.value,
            two.value,
            plain(1),
            inner(1),
        )


@application
def app():
    return Main(Cellar())
"""
COVERING = """\
import json
import sys
from duality import run
import coverage
counting = coverage.Coverage(data_file=None, include=["*/spec.py"], config_file=False, concurrency=sys.argv[2:] or None)
counting.start()
import spec
value = run(spec.app, sys.argv[1]).value
counting.stop()
_, statements, _, missing, _ = counting.analysis2(spec.__file__)
print(json.dumps([statements, missing, repr(value)]))
"""


def covered(folder: Path, on: str, *concurrency: str) -> Any:
    """What coverage.py says of ``COVERED``, run in a process of its own: all statements, those missed, the value."""
    (folder / "spec.py").write_text(COVERED)
    (folder / "covering.py").write_text(COVERING)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "covering.py", on, *concurrency], cwd=folder, text=True, capture_output=True,
        timeout=PATIENCE, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_coverage_counts_the_same_lines_of_the_spec_whoever_runs_it(tmp_path: Path) -> None:
    statements, missing, value = right = covered(tmp_path, "oracle")
    lines = COVERED.splitlines()
    assert [lines[number - 1].strip() for number in missing] == [
        'return "never"', 'raise Odd("never")', 'log.append("never")', "except ValueError:", 'log.append("never")',
        'log.append("never")',
        "total = -1", 'return "never"',
    ]  # fmt: skip
    assert len(statements) > 80
    assert "['always', 'finally', 1, 'finally', 'finally']" in value
    assert covered(tmp_path, "events") == right
    assert covered(tmp_path, "threads", "greenlet", "thread") == right


def lines_seen(module: ModuleType, on: str) -> set[tuple[str, int]]:
    """The lines of the spec that a tracer sees run, each with its procedure."""
    seen: set[tuple[str, int]] = set()

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != module.__file__:
            return None
        if event == "line":
            seen.add((frame.f_code.co_name, frame.f_lineno))
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        run(module.app, on)
    finally:
        sys.settrace(before)
    return seen


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_tracer_sees_the_same_lines_in_the_same_procedures(spec: Spec) -> None:
    module = spec(COVERED)
    right = lines_seen(module, "oracle")
    assert lines_seen(module, "threads") - right == set()
    assert right - lines_seen(module, "threads") == set()
    assert lines_seen(module, "events") - right == set()
    assert right - lines_seen(module, "events") == set()


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="sys.monitoring came with Python 3.12")
def test_a_monitor_is_told_of_the_same_lines(spec: Spec) -> None:
    module = spec(COVERED)
    told = {on: lines_told(module, on) for on in SIDES}
    assert told["threads"] == told["oracle"]
    assert told["events"] == told["oracle"]


def lines_told(module: ModuleType, on: str) -> set[tuple[str, int]]:
    """The lines of the spec that ``sys.monitoring`` tells of."""
    monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
    seen: set[tuple[str, int]] = set()

    def line(code: Any, number: int) -> None:
        if code.co_filename == module.__file__:
            seen.add((code.co_name, number))

    tool = monitoring.DEBUGGER_ID
    monitoring.use_tool_id(tool, "test")
    monitoring.register_callback(tool, monitoring.events.LINE, line)
    monitoring.set_events(tool, monitoring.events.LINE)
    try:
        run(module.app, on)
    finally:
        monitoring.set_events(tool, 0)
        monitoring.free_tool_id(tool)
    return seen
