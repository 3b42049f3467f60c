"""Each parameter of an application is an option, of the type it is annotated with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Invoke = Callable[..., Result]
Spec = Callable[..., Path]

TYPES = '''
from __future__ import annotations
from typing import Literal
from collections.abc import Callable
from duality import application, module, procedure

@module
class Main:
    given: dict
    @procedure
    async def main(self):
        return self.given

@application
def types({parameters}):
    """What it is. {doc}"""
    return Main(dict(locals()))
'''


@pytest.fixture
def given(invoke: Invoke, spec: Spec) -> Callable[..., Result]:
    """``given(parameters, *words)``: what an application with those parameters is given."""

    def given(parameters: str, *words: str) -> Result:
        spec(TYPES.replace("{parameters}", parameters).replace("{doc}", ""), "types_spec.py")
        return invoke("run", "types_spec.py", *words)

    return given


@pytest.mark.parametrize(
    ("parameter", "words", "value"),
    [
        ("x: int = 1", ["--x", "5"], "5"),
        ("x: float = 1.0", ["--x", "2.5"], "2.5"),
        ("x: str = 'a'", ["--x", "5"], "'5'"),
        ("x: bool = False", ["--x"], "True"),
        ("x: bool = True", ["--x", "false"], "False"),
        ("x: int | None = None", ["--x", "3"], "3"),
        ("x: int | None = None", [], "None"),
        ("x: list[int] = [1]", ["--x", "[1, 2]"], "[1, 2]"),
        ("x: dict = {}", ["--x", "{'a': 1}"], "{'a': 1}"),
        ("x: Literal['a', 'b'] = 'a'", ["--x", "b"], "'b'"),
        ("x=2", ["--x", "3"], "3"),
        ("x='a'", ["--x", "3"], "'3'"),
        ("x", ["--x", "3"], "3"),
        ("x", ["--x", "plain words"], "'plain words'"),
        ("*, x: int", ["--x", "3"], "3"),
    ],
)
def test_a_value_is_read_as_the_type_it_is_for(
    given: Callable[..., Result], parameter: str, words: list[str], value: str
) -> None:
    result = given(parameter, *words)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{{'x': {value}}}\n"


@pytest.mark.parametrize(
    ("parameter", "word"),
    [("x: int = 1", "five"), ("x: float = 1.0", "z"), ("x: bool = True", "perhaps"), ("x: list[int] = []", "[1"),
     ("x: list[int] = []", "{}"), ("x: Literal['a'] = 'a'", "c")],
)  # fmt: skip
def test_a_bad_value_is_one_sentence(given: Callable[..., Result], parameter: str, word: str) -> None:
    result = given(parameter, "--x", word)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "'--x'" in result.stderr


def test_an_unknown_parameter_is_told_with_those_there_are(given: Callable[..., Result]) -> None:
    result = given("size: int = 1, kind: str = 'a'", "--sise", "3")
    assert result.exit_code == 2
    assert result.stderr == "types_spec.py: application types has no parameter --sise; it has --size, --kind.\n"


def test_a_missing_parameter_is_told(given: Callable[..., Result]) -> None:
    result = given("size: int")
    assert result.exit_code == 2
    assert result.stderr.endswith(": application types needs a value for its parameter: --size INTEGER.\n")
    assert result.stderr.startswith("types_spec.py:")


def test_what_no_word_can_say_is_no_option(given: Callable[..., Result]) -> None:
    assert given("x: Callable[[], int] = None, y: int = 1", "--x", "3").exit_code == 2


def test_a_name_that_the_command_uses_is_spelt_out(given: Callable[..., Result]) -> None:
    assert given("on: int = 1, help: int = 2", "--app-on", "5", "--on", "events").stdout == "{'on': 5, 'help': 2}\n"


def test_names_with_underscores_are_taken_either_way(given: Callable[..., Result]) -> None:
    assert given("too_long: int = 1", "--too-long", "2").stdout == "{'too_long': 2}\n"
    assert given("too_long: int = 1", "--too_long", "3").stdout == "{'too_long': 3}\n"


def test_the_file_may_stand_behind_its_options(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("run", "--on", "events", "--tasks", "2", "--amount=2", "counter.py")
    assert (result.exit_code, result.stdout) == (0, "4.0\n")


def test_a_default_is_the_applications_own_object(given: Callable[..., Result]) -> None:
    assert given("x: object = ...").stdout == "{'x': Ellipsis}\n"


def test_help_lists_the_parameters_and_what_the_application_says(invoke: Invoke, spec: Spec) -> None:
    spec()
    result = invoke("run", "counter.py", "--help")
    assert result.exit_code == 0
    for piece in (
        "Application counter:",
        "Adds up. tasks: how many.",
        "Parameters of counter:",
        "--tasks INTEGER",
        "3",
    ):
        assert piece in result.stdout
    assert "Parameters" not in invoke("run", "--help").stdout
