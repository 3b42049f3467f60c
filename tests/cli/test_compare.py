"""``compare``: equal runs are said to be equal, with exit status 0; the first difference is told, with 1."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Invoke = Callable[..., Result]
Spec = Callable[..., Path]


def rows(result: Result) -> dict[str, list[str]]:
    """The cells of every row, by its name."""
    found = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in result.stdout.splitlines()]
    return {row[0]: row[1:] for row in found if row}


def test_a_spec_compares_equal_and_says_what_it_cost(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("compare", "counter.py", "--tasks", "5")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    said = rows(result)
    assert said["output"] == ["5.0", "5.0", "5.0", "✔ equal"]
    for name in ("static graph", "walked graph", "untraced output"):
        assert said[name][3] == "✔ equal"
    assert said["trace"][0].endswith(" steps")
    assert said["trace"][3] == "✔ equal at every step"
    assert said["tasks"] == ["6", "6", "6"]
    assert [cell.split()[1] for cell in said["moves"]] == ["switches", "messages", "switches"]
    for name in ("wall, a run", "CPU, a run", "peak memory", "grown by"):
        assert [cell.split()[1] in ("s", "ms", "us", "B", "KiB", "MiB") for cell in said[name][:3]] == [True] * 3
    assert "\x1b" not in result.stdout


def test_a_seed_and_queued_crossings_are_compared_alike(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("compare", "counter.py", "--schedule-seed", "11", "--crossing", "queued")
    assert result.exit_code == 0, result.output
    assert rows(result)["trace"][3] == "✔ equal at every step"


def test_equal_errors_compare_equal(invoke: Invoke, spec: Spec, texts: dict[str, str]) -> None:
    spec(texts["failing"], "failing.py")
    result = invoke("compare", "failing.py")
    assert result.exit_code == 0, result.output
    assert rows(result)["output"][0].startswith("Spoilt: no such")
    below = result.stdout[result.stdout.index("all three ended with an error:\n") :].splitlines()
    assert "failing.Spoilt: no such dish: soup" in below
    assert '  File "failing.py", line 26, in Main.ask' in below


def test_errors_that_differ_are_told_in_full_each(
    invoke: Callable[..., Result], spec: Spec, texts: dict[str, str]
) -> None:
    body = 'raise ValueError(f"a long story about greenlets: {among_threads()}")'
    spec(texts["telltale"].replace("{body}", body), "telltale.py")
    result = invoke("compare", "telltale.py")
    assert result.exit_code == 1
    assert "threads ended with an error:\n" in result.stdout
    assert "events and oracle ended with an error:\n" in result.stdout
    for value in (True, False):
        assert f"ValueError: a long story about greenlets: {value}" in result.stdout


def test_sets_of_text_are_compared_in_the_same_order_of_hashes(
    invoke: Invoke, spec: Spec, texts: dict[str, str]
) -> None:
    spec(texts["telltale"].format(body='return list({"a", "b", "c", "d", "e", "f", "g"})'), "sets.py")
    assert invoke("compare", "sets.py").exit_code == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "return among_threads()",
            "first difference: output: threads and events differ\nthreads: True\nevents: False\n",
        ),
        ("if among_threads(): await yield_now()", "first difference: walked graph: threads and events differ\n"),
    ],
)
def test_what_differs_is_told_and_is_status_1(
    invoke: Invoke, spec: Spec, texts: dict[str, str], body: str, said: str
) -> None:
    spec(texts["telltale"].replace("{body}", body), "telltale.py")
    result = invoke("compare", "telltale.py")
    assert result.exit_code == 1
    assert "✘" in result.stdout
    assert result.stderr.startswith(said)


def test_what_a_spec_prints_does_not_disturb_the_comparison(invoke: Invoke, spec: Spec, texts: dict[str, str]) -> None:
    spec(texts["telltale"].replace("{body}", 'print("noise"); return 1'), "noisy.py")
    result = invoke("compare", "noisy.py")
    assert result.exit_code == 0, result.output
    assert "noise" not in result.output


def test_a_run_that_takes_its_process_with_it_is_told(invoke: Invoke, spec: Spec, texts: dict[str, str]) -> None:
    spec(texts["telltale"].replace("{body}", "import os; os._exit(3)"), "dying.py")
    result = invoke("compare", "dying.py")
    assert result.exit_code == 2
    assert result.stderr == "a run in a process of its own ended with status 3: it said nothing\n"
