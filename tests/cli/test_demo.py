"""``demo``: everything at once, in a process of its own; and what it does when something does not hold."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import Result

from duality.cli import demo, evidence
from duality.cli.client import Mistaken
from duality.view.report import Finding, Report

Invoke = Callable[..., Result]
EMPTY = Report(True, {}, [Finding("bytes", ("1", "1"), "equal", True)], {}, [], [])


def test_the_demo_compares_measures_and_writes_its_report(
    duality: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    ran = duality("demo", "--requests", "200", "--report", "page.html")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    assert "✘" not in ran.stdout
    assert "\x1b" not in ran.stdout
    for row in ("what came back", "the server's graph", "server CPU, a page", "told to end"):
        assert row in ran.stdout
    for example in evidence.examples():
        assert example.stem in ran.stdout
    assert str(tmp_path / "page.html") in ran.stdout
    page = (tmp_path / "page.html").read_text()
    for piece in ("Everything that must hold, holds.", "put_after_wait", "bounded_buffer", "Connections.serve"):
        assert piece in page


def test_an_installed_copy_without_examples_says_so(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "EXAMPLES", tmp_path / "no-examples")
    result = invoke("demo", "--requests", "100")
    assert result.exit_code == 0, result.output
    assert "The examples are not in this installation: only the web server was compared." in result.stdout
    assert "bounded_buffer" not in result.stdout
    assert "claim_after_wait" in (tmp_path / "duality-report.html").read_text()


def test_what_does_not_hold_is_told_and_is_status_1(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Finding("bytes", ("1", "2"), "differ", False, "at byte [3]")
    monkeypatch.setattr(demo, "_gather", lambda *given: evolve(EMPTY, holds=False, findings=[broken]))
    result = invoke("demo")
    assert result.exit_code == 1
    assert "✘ differ" in result.stdout
    assert "first difference: bytes: differ\nat byte [3]\n" in result.stdout
    assert "Something that must hold does not" in (tmp_path / "duality-report.html").read_text()


def test_one_finding_that_does_not_hold_is_enough() -> None:
    findings = [Finding("a", ("", ""), holds=True), Finding("b", ("", ""), holds=None)]
    assert demo._all_hold(findings)
    assert not demo._all_hold([*findings, Finding("c", ("", ""), holds=False)])


def test_a_demo_that_cannot_go_on_says_why(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> Report:
        raise Mistaken("the server closed a connection under load")

    monkeypatch.setattr(demo, "_gather", fail)
    result = invoke("demo")
    assert result.exit_code == 1
    assert result.stderr == "the demo cannot go on: the server closed a connection under load\n"
    assert "Traceback" not in result.output


def test_a_report_that_cannot_be_written_is_told_at_once(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_gather", lambda *given: pytest.fail("the demo ran first"))
    result = invoke("demo", "--report", "nowhere/page.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "nowhere/page.html: the report cannot be written there: no such file or directory.\n"


def test_looking_whether_a_report_can_be_written_leaves_nothing_behind_and_keeps_what_is_there(tmp_path: Path) -> None:
    fresh, kept = tmp_path / "fresh.html", tmp_path / "kept.html"
    kept.write_bytes(b"\xff old")
    for path in (fresh, kept):
        demo._check_writable(path)
    assert not fresh.exists()
    assert kept.read_bytes() == b"\xff old"
