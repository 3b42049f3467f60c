"""The shape of the JSON file, and what the page says."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from duality.bench.result import Result, Sample
from duality.bench.table import TITLES, show


def sample(contender: str, number: int, value: float, measure: str = "web") -> Sample:
    return Sample(measure, contender, number, value, "µs", {"requests": 10}, ["python", "-m", "server"])


@pytest.fixture
def result() -> Result:
    samples = [
        sample("threads", 0, 8.0),
        sample("gevent", 0, 8.0),
        sample("gevent", 1, 8.0),
        sample("threads", 1, 7.0),
    ]
    return Result({"processor": "a [fast] one"}, samples, ["nginx is not installed."])


def test_a_finding_for_every_claim_whose_sides_were_both_measured(result: Result) -> None:
    (finding,) = result.findings()
    assert (finding.claim.above, finding.claim.below) == ("threads", "gevent")
    assert (finding.ratio.median, finding.ratio.least, finding.ratio.most) == (0.9375, 0.875, 1.0)
    assert finding.verdict == "missed by 25%"


def test_sides_that_share_no_round_are_not_compared() -> None:
    assert Result({}, [sample("threads", 0, 1.0), sample("gevent", 1, 1.0)]).findings() == []


def test_the_file_holds_every_raw_sample_the_machine_and_the_commands(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "bench.json")
    told: dict[str, Any] = json.loads((tmp_path / "bench.json").read_text())
    assert list(told) == ["format", "machine", "findings", "samples", "missing"]
    assert told["machine"] == result.machine
    assert told["missing"] == result.missing
    assert len(told["samples"]) == 4
    assert told["samples"][0] == {
        "measure": "web",
        "contender": "threads",
        "round": 0,
        "value": 8.0,
        "unit": "µs",
        "raw": {"requests": 10},
        "command": ["python", "-m", "server"],
    }
    assert told["findings"][0] == {
        "claim": {"measure": "web", "above": "threads", "below": "gevent", "mark": {"most": 0.75, "least": 0.0}},
        "ratio": {"median": 0.9375, "least": 0.875, "most": 1.0},
        "verdict": "missed by 25%",
    }


def test_the_page_shows_values_ratios_marks_and_what_is_missing(result: Result) -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    show(result, console)
    assert isinstance(console.file, io.StringIO)
    page = console.file.getvalue()
    for words in (TITLES["web"], "7.0 to 8.0", "0.88 to 1.00", "at most 0.75", "missed by 25%"):
        assert words in page
    assert "nginx is not installed." in page
    assert "a [fast] one" in page


def test_a_result_without_samples_is_a_page_too() -> None:
    console = Console(file=io.StringIO())
    show(Result({}, [], ["wrk is not installed."]), console)
    assert isinstance(console.file, io.StringIO)
    assert "wrk is not installed." in console.file.getvalue()
