"""The door: what is not a command, and who reads no further."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import duality as package
from duality.cli import main


def test_every_command_has_help(invoke: Callable[..., Result]) -> None:
    assert list(main.commands) == ["run", "show", "graph", "compare", "check", "serve", "demo", "bench"]
    for name in main.commands:
        result = invoke(name, "--help")
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: duality {name}")
        assert name in invoke("--help").stdout


def test_an_unknown_command_is_one_sentence(invoke: Callable[..., Result]) -> None:
    result = invoke("dance")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "duality: no such command 'dance'.\n")


@pytest.mark.parametrize("name", ["run", "show", "graph", "compare", "check", "serve"])
def test_nothing_given_is_one_sentence(invoke: Callable[..., Result], name: str) -> None:
    result = invoke(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"duality {name}: missing argument ")
    assert result.stderr.count("\n") == 1


def test_the_version_is_the_packages(invoke: Callable[..., Result]) -> None:
    assert invoke("--version").stdout == f"duality, version {package.__version__}\n"


def test_a_reader_that_leaves_is_no_error_of_ours(
    start: Callable[..., "subprocess.Popen[str]"], spec: Callable[..., Path]
) -> None:
    spec()
    process = start("show", "counter.py")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=30) == 1


def test_a_module_run_is_the_command(duality: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    ran = duality("--version")
    assert (ran.returncode, ran.stdout) == (0, f"duality, version {package.__version__}\n")
