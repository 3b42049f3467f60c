"""``show``: the generated program beside the spec; nothing cut off, and no colours where nobody sees them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from rich.console import Console

from duality.cli import show as showing
from duality.cli.load import load
from duality.compiler import program
from duality.web import knot

Invoke = Callable[..., Result]
Spec = Callable[..., Path]


def cells(result: Result) -> list[tuple[str, str]]:
    """Both columns of every row, line numbers included in the first."""
    assert result.exit_code == 0, result.output
    rows = [line.split(" │") for line in result.stdout.splitlines() if " │" in line]
    return [(row[0].rstrip(), row[1].removeprefix(" ")) for row in rows]


def test_each_generated_line_stands_beside_the_line_it_comes_from(invoke: Invoke, spec: Spec) -> None:
    spec()
    rows = cells(invoke("show", "counter.py:add", "--on", "events"))
    assert ("  10 async def add(self, amount):", "def add(self, task, /, amount):") in rows
    assert ("  11     before = self.value", "    before = self.value") in rows
    assert ("  13     self.value = before + amount", "    self.value = before + amount") in rows


def test_the_text_shown_is_the_text_that_runs(invoke: Invoke, spec: Spec) -> None:
    path = spec()
    for side in ("events", "threads"):
        product = program(load(str(path)).app, side).find("Counter.add")[0]
        shown = [right for _, right in cells(invoke("show", "counter.py:add", "--on", side))[1:]]
        shown = [line for line in shown if "# rests " not in line and line]
        assert shown == [line for line in product.text.splitlines() if line]


def test_the_live_variables_are_told_at_each_rest(invoke: Invoke, spec: Spec) -> None:
    spec()
    events = cells(invoke("show", "counter.py:add", "--on", "events"))
    assert ("", "# alive across the rest: self, amount, before") in events
    threads = cells(invoke("show", "counter.py:add", "--on", "threads"))
    assert ("  12     await yield_now()", "    yield_now()") in threads
    assert ("", "    # rests here; alive on the stack: self, amount, before") in threads


RESTS = """
from duality import application, module, procedure, scope, yield_now
@module
class Main:
    async def more(self, x):
        await yield_now()
        return [x]
    @procedure
    async def main(self):
        total, add = 0, (lambda: total)
        page = [1, 2]
        for one in page:
            total = await self.more(await self.more(one)) or total
        async with scope() as group:
            group.fork(self.more, 1)
        return add()
@application
def app():
    return Main()
"""


def test_a_stack_has_the_spec_s_own_variables_and_those_dropped_are_no_part_of_it(invoke: Invoke, spec: Spec) -> None:
    spec(RESTS, "app.py")
    rows = cells(invoke("show", "app.py:main", "--on", "threads"))
    right = [text for _, text in rows]
    assert right[right.index("    for one in page:") + 1 :] == [
        "        total = self.more(self.more(one)) or total",
        "        # rests at call:self.more; alive on the stack: self, total, add",
        "        # rests at call:self.more; alive on the stack: self, total, add",
        "    del page; one = None  # dead from here on",
        "    with scope() as group:",
        "    # rests where it ends; alive on the stack: add",
        "        group.fork(self.more, 1)",
        "    return add()",
    ]
    assert ("", "    del page; one = None  # dead from here on") in rows, "no line of the spec stands beside it"


def test_a_statement_over_several_lines_is_shown_whole(invoke: Invoke, spec: Spec) -> None:
    text = """
from duality import application, module, procedure, yield_now
@module
class Main:
    @procedure
    async def main(self):
        numbers = [
            1,
            2,
        ]
        await yield_now()
        return numbers
@application
def app():
    return Main()
"""
    spec(text, "app.py")
    left = [cell for cell, _ in cells(invoke("show", "app.py"))]
    assert left[left.index("   7     numbers = [") :][:4] == [
        "   7     numbers = [", "   8         1,", "   9         2,", "  10     ]",
    ]  # fmt: skip


def test_without_a_name_every_procedure_is_shown(invoke: Invoke, spec: Spec) -> None:
    spec()
    shown = invoke("show", "counter.py").stdout
    assert "Main.main   counter.py:24" in shown
    assert "Counter.add   counter.py:10" in shown


@pytest.mark.parametrize("name", ["add", "Counter.add", "counter:add", "counter:Counter.add"])
def test_a_procedure_is_found_by_any_of_its_names(invoke: Invoke, spec: Spec, name: str) -> None:
    spec()
    shown = invoke("show", f"counter.py:{name}").stdout
    assert "Counter.add" in shown
    assert "Main.main" not in shown


def test_an_unknown_procedure_is_told_with_those_there_are(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("show", "counter.py:subtract")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "counter.py: no procedure 'subtract'; there are Main.main, Counter.add.\n"


def test_nothing_is_cut_off_and_nothing_coloured_in_a_pipe(invoke: Invoke, spec: Spec, texts: dict[str, str]) -> None:
    long = "x" * 300
    spec(texts["telltale"].format(body=f'return "{long}"'), "long.py")
    shown = invoke("show", "long.py").stdout
    assert shown.count(long) == 2
    assert "\x1b" not in shown


@pytest.mark.parametrize("width", [80, 100, 160])
def test_on_a_terminal_no_line_is_wider_than_it_and_none_is_lost(width: int) -> None:
    for product in program(knot.given(root="."), "events").products:
        console = Console(width=width, file=io.StringIO(), record=True, highlight=False)
        showing.show(console, product, width)
        lines = console.export_text().splitlines()
        assert max(map(len, lines[1:])) <= width
        shown = "".join(line.split(" │", 1)[1] for line in lines if " │" in line)
        assert shown.replace(" ", "") == "events" + product.text.replace("\n", "").replace(" ", "")
