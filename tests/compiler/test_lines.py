"""The spec's own lines: in tracebacks, in a tracer (what coverage and debuggers use), beside the generated text."""

import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from duality import run
from duality.compiler import compile_procedure, program
from duality.compiler.lines import Line, deeper, unparsed
from tests.compiler.fuzz.compare import load
from tests.compiler.golden import CASES, Case, cases, spec_of

Spec = Callable[[str], ModuleType]
SIDES = ("threads", "events", "oracle")
FILES = sorted(CASES.glob("*.case"))
TEXT = """
    @module
    class Main:
        @procedure
        async def outer(self, x):
            before = 1
            try:
                return await self.inner(x)
            finally:
                before = 2

        async def inner(self, x):
            for y in (1, 0):
                await yield_now()
                1 / y

        @procedure
        async def main(self):
            return await self.outer(1)

    @application
    def app():
        return Main()
"""


def raised(module: ModuleType, on: str, crossing: str = "direct") -> list[traceback.FrameSummary]:
    """The frames of the spec in the traceback that a run of ``module.app`` ends with."""
    with pytest.raises(ZeroDivisionError) as error:
        run(module.app, on, crossing=crossing)
    return [frame for frame in traceback.extract_tb(error.value.__traceback__) if frame.filename == module.__file__]


@pytest.mark.parametrize("on", SIDES)
def test_a_traceback_shows_the_whole_chain_of_callers_in_the_spec(spec: Spec, on: str) -> None:
    found = raised(spec(TEXT), on)
    chain = list(dict.fromkeys((frame.name, frame.lineno) for frame in found))
    assert chain == [("main", 20), ("outer", 9), ("inner", 16)]
    assert [frame.line for frame in found if frame.name == "inner"] == ["1 / y"]


@pytest.mark.parametrize("on", SIDES)
def test_a_queued_traceback_does_too(spec: Spec, on: str) -> None:
    chain = dict.fromkeys((frame.name, frame.lineno) for frame in raised(spec(TEXT), on, "queued"))
    assert {("main", 20), ("outer", 9), ("inner", 16)} <= set(chain)


def test_events_and_threads_say_the_same_lines(spec: Spec) -> None:
    module = spec(TEXT)
    threads, events = ({(one.name, one.lineno, one.line) for one in raised(module, on)} for on in ("threads", "events"))
    assert threads == events


def traced(module: ModuleType, on: str) -> set[int]:
    """The lines of the spec that a tracer sees executed."""
    lines: set[int] = set()

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != module.__file__:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        run(module.app, on)
    finally:
        sys.settrace(before)
    return lines


COVERED = """
    @module
    class Main:
        async def rests(self, x):
            await yield_now()
            return x

        @procedure
        async def main(self):
            total = 0
            for x in (1, 2, 3):
                if x == 2:
                    total += await self.rests(x)
                elif x == 4:
                    total = -1
                else:
                    total += 1
            try:
                total += 1
            except ValueError:
                total = -2
            return total

    @application
    def app():
        return Main()
"""


# Of some of its jumps nothing is left in the events text.
JUMPING = """
    @module
    class Main:
        @procedure
        async def main(self):
            total = 0
            for x in (1, 2, 3, 4):
                try:
                    await yield_now()
                    if x == 1:
                        continue
                    if x == 3:
                        break
                finally:
                    total += x
                async for y in self.numbers(x):
                    if y == 1:
                        continue
                    total += y
                    break
            while True:
                await yield_now()
                break
            while True:
                total += await self.one(total)
                return await self.ended(total)

        async def one(self, total):
            while True:
                return total or await self.ended(1)

        async def ended(self, total):
            while total:
                await yield_now()
                if total > 5:
                    total -= 1
                    if total > 6:
                        continue
                elif total > 4:
                    total = 1
                else:
                    return total

        async def numbers(self, x):
            yield x - 1
            await yield_now()
            yield x

    @application
    def app():
        return Main()
"""


def test_a_tracer_sees_the_jumps_that_the_oracle_makes(spec: Spec) -> None:
    module = spec(JUMPING)
    right = traced(module, "oracle")
    assert {12, 14, 19, 21, 22, 25, 30, 38} <= right, "the jumps, and the heads of loops that are none"
    assert traced(module, "threads") == right
    assert traced(module, "events") == right


def test_a_tracer_sees_the_lines_that_the_oracle_runs(spec: Spec) -> None:
    module = spec(COVERED)
    right = traced(module, "oracle")
    assert traced(module, "threads") == right
    events = traced(module, "events")
    assert events == right
    assert {16, 22} & events == set(), "lines that never ran"


@pytest.mark.parametrize("side", ["events", "threads"])
def test_origin_has_a_line_of_the_procedure_for_each_line_of_text(spec: Spec, side: str) -> None:
    for product in program(spec(COVERED).app, side).products:
        lines = product.text.splitlines()
        assert len(product.origin) == len(lines)
        last = product.first_line + len(product.spec.splitlines())
        for line, origin in zip(lines, product.origin, strict=True):
            assert origin is None or product.procedure.tree.decorator_list or product.first_line <= origin <= last
            if line.startswith(("#", "@")) and side == "events":
                assert origin is None


def test_threads_text_is_the_spec_line_by_line(spec: Spec) -> None:
    for product in program(spec(COVERED).app, "threads").products:
        source = Path(product.file).read_text().splitlines()
        for line, origin in zip(product.text.splitlines(), product.origin, strict=True):
            assert origin is not None
            assert line.split() == [word for word in source[origin - 1].split() if word not in ("async", "await")]


def test_lines_know_their_depth() -> None:
    assert str(Line(2, "x = 1", None)) == "        x = 1"
    assert deeper([]) == [Line(1, "pass", None)]
    assert deeper([Line(0, "x", 3)]) == [Line(1, "x", 3)]


def test_the_lines_of_an_inner_function_keep_their_own_origin() -> None:
    import ast

    function = ast.parse("\n\ndef f(x):\n    # a comment that is not kept\n    y = x\n\n    return y\n").body[0]
    assert [(line.depth, line.text, line.origin) for line in unparsed(function, 3)] == [
        (0, "def f(x):", 3),
        (1, "y = x", 5),
        (1, "return y", 7),
    ]


# What an events text says that no line of the spec says: it may have no origin, and nothing else may.
OURS = re.compile(
    r"|#.*|@\w+|(global|nonlocal) .*|def \w+\(f_*, \w+, error_*\):|\(.*\) = f_*\.alive|if \w+ is UNBOUND_*:|del \w+"
    r"|\w+: UNBOUND|\w+_ = \w+|except UnboundLocalError:|if error_* is not None:|else:|finally:|pass|return None"
    r"|rest_of_\d+ = None"
    r"|raise (again\()?error_\d+\)?|except BaseException:|\w+\.__traceback__ = .*|return (Record|Holding|Generator)\(.*"
)
AFTER_TRY = re.compile(r"\w+_ = \w+|raise (again\()?error_\d+\)?")


@pytest.mark.parametrize("case", [pytest.param(one, id=one.name) for file in FILES for one in cases(file)])
def test_every_line_that_is_not_ours_has_the_line_of_the_spec_that_it_comes_from(case: Case, tmp_path: Path) -> None:
    module = load(spec_of(case), tmp_path)
    name = re.findall(r"async def (\w+)", case.sections["spec"])[0]
    product = compile_procedure(vars(module.Shop)[name], module.Shop, "events")
    lines = [line.strip() for line in product.text.splitlines()]
    last = product.first_line + len(product.spec.splitlines())
    for line, below, origin in zip(lines, [*lines[1:], ""], product.origin, strict=True):
        ours = AFTER_TRY.fullmatch(below) if line == "try:" else OURS.fullmatch(line)
        jump = below == "return None" and re.match(r"f_*\.next, f_*\.alive = ", line)
        assert origin is not None or ours or jump, line
        assert origin is None or product.first_line <= origin <= last


FOLDED = """
    @module
    class Main:
        async def one(self):
            await yield_now()
            return 1 / 0

        @procedure
        async def main(self):
            return 1 + (await self.one(
            )) + 1

    @application
    def app():
        return Main()
"""


@pytest.mark.parametrize("on", SIDES)
def test_a_call_may_end_further_left_than_it_begins(spec: Spec, on: str) -> None:
    assert [(frame.name, frame.lineno) for frame in raised(spec(FOLDED), on)][-2:] == [("main", 11), ("one", 7)]


@pytest.mark.parametrize("on", ["threads", "events"])
@pytest.mark.parametrize("between", ["", "\n        "])
def test_the_call_that_failed_is_pointed_at(spec: Spec, on: str, between: str) -> None:
    text = FOLDED.replace("        await yield_now()\n", "").replace("self.one(\n            )", f"self.one({between})")
    frame = next(one for one in raised(spec(text), on) if one.name == "main")
    line = Path(frame.filename).read_text().splitlines()[(frame.lineno or 0) - 1]
    end = frame.end_colno if frame.end_lineno == frame.lineno else None
    assert line[frame.colno : end] == ("self.one(" if between else "self.one()")
