"""``bench`` hands its options to ``duality.bench``, and what is wrong with them is one sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import duality.bench

Invoke = Callable[..., Result]


def test_the_options_arrive(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: dict[str, Any] = {}
    monkeypatch.setattr(duality.bench, "main", lambda **options: heard.update(options))
    result = invoke("bench", "yield", "web", "--rounds", "3", "--seconds", "1.5", "--json", "out.json", "--quick")
    assert result.exit_code == 0, result.output
    assert heard == {"only": ("yield", "web"), "rounds": 3, "seconds": 1.5, "json": Path("out.json"), "quick": True}


def test_an_unknown_measure_is_one_sentence(invoke: Invoke) -> None:
    result = invoke("bench", "beauty")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("duality bench: there is no measure 'beauty', only web, ")


def test_a_file_that_cannot_be_written_is_one_sentence(invoke: Invoke) -> None:
    result = invoke("bench", "yield", "--json", "nowhere/out.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "nowhere/out.json: cannot be written: no such file or directory.\n"
