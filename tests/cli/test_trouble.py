"""Only the spec's own frames are told; the machine's are not, and a fault of the machine is shown in full."""

import errno
import json
import os
from pathlib import Path

import pytest

import duality
from duality.cli.refusal import BadInput
from duality.cli.trouble import frames, in_terms_of, of_a_spec, port_in_use, telling
from duality.errors import DeadlockError, SpecError

HOME = Path(duality.__file__).parent


@pytest.mark.parametrize(
    ("name", "is_spec"),
    [
        ("app.py", True),
        ("somewhere/else.py", True),
        (str(HOME / "web" / "server.py"), True),
        (str(HOME / "core" / "engine.py"), False),
        (str(HOME / "threads" / "runtime.py"), False),
        (str(HOME / "cli" / "run.py"), False),
        (json.__file__, False),
        (pytest.__file__, False),
        ("<attrs generated init app.Main>", False),
    ],
)
def test_whose_file_it_is(name: str, is_spec: bool) -> None:
    assert of_a_spec(name, "app.py") is is_spec


def test_the_file_that_was_named_is_a_spec_wherever_it_lies() -> None:
    assert of_a_spec(json.__file__, json.__file__)


def raised() -> BaseException:
    try:
        json.loads("{")
    except ValueError as error:
        return error
    raise AssertionError


def test_the_frames_bear_full_names_and_no_columns() -> None:
    (frame,) = frames(raised().__traceback__, __file__)
    assert (frame.filename, frame.name) == (__file__, "raised")
    assert "json/decoder" not in in_terms_of(__file__, raised())


def test_parts_of_a_group_are_told_in_the_same_terms() -> None:
    try:
        raise ExceptionGroup("two failed", [raised(), raised()])
    except ExceptionGroup as group:
        told = in_terms_of(__file__, group)
    assert told.count("in raised") == 2
    assert "json/decoder" not in told


def test_a_fault_that_no_line_of_a_spec_is_part_of_is_shown_in_full() -> None:
    assert "test_trouble.py" in in_terms_of("app.py", raised())  # this file is as good as a spec's
    with pytest.raises(OSError, match="nothing") as caught:
        Path(os.devnull, "nothing").read_text()
    error = caught.value
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # what is left lies within Python's own library
    assert "pathlib" in in_terms_of("app.py", error)


def test_only_an_address_that_cannot_be_had_is_bad_input() -> None:
    busy = port_in_use("app.py", OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)))
    assert busy is not None
    assert str(busy) == "the port cannot be had: address already in use."
    assert port_in_use("app.py", OSError(errno.ENOENT, "no such file")) is None
    assert port_in_use("app.py", ValueError("no")) is None


@pytest.mark.parametrize("error", [SpecError("no"), BadInput("no"), KeyboardInterrupt(), SystemExit(3)])
def test_what_is_not_the_applications_error_passes(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, telling("app.py"):
        raise error
    assert caught.value is error


def test_a_deadlock_that_an_await_raised_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), telling(__file__):
        raise DeadlockError("deadlock", cycle=["a waits for a"])
    first, cycle, place = capsys.readouterr().err.splitlines()
    assert (first, cycle) == ("deadlock", "  a waits for a")
    assert place.startswith(f"  at {__file__}:")
    assert place.endswith(", in test_a_deadlock_that_an_await_raised_is_told_with_its_place")


def test_an_interrupt_in_the_middle_of_a_procedure_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), telling(__file__):
        raise KeyboardInterrupt
    said = capsys.readouterr().err
    assert said.startswith(f"{__file__}:")
    assert said.endswith(": interrupted in test_an_interrupt_in_the_middle_of_a_procedure_is_one_sentence.\n")


@pytest.mark.parametrize(
    ("error", "said"),
    [(DeadlockError("deadlock", ["a waits"]), "deadlock\n  a waits\n  at "), (ValueError("no"), "ValueError: no\n")],
)
def test_what_is_becomes_status_1(error: Exception, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, telling(__file__):
        raise error
    assert caught.value.code == 1
    told = capsys.readouterr().err
    assert told.endswith(said) or told.startswith(said)
