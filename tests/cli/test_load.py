"""A spec is found by the name it was given, and what is wrong with it is told in one sentence with file and line."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from duality.cli.load import home_of, load, split
from duality.cli.refusal import BadInput

Invoke = Callable[..., Result]
Spec = Callable[..., Path]

TWO = """
from duality import application, module, procedure
@module
class Main:
    number: int
    @procedure
    async def main(self):
        return self.number
@application
def first():
    return Main(1)
@application
def second():
    return Main(2)
"""


def refused(result: Result, said: str) -> None:
    """One sentence, no traceback, exit status 2, nothing on standard output."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert said in result.stderr


@pytest.mark.parametrize("command", ["run", "show", "graph", "compare"])
def test_a_missing_file_is_told_by_every_command(invoke: Invoke, command: str) -> None:
    refused(invoke(command, "nope.py"), "nope.py: there is no such file.\n")


def test_a_missing_file_with_an_application_is_still_the_file_that_is_missing(invoke: Invoke) -> None:
    refused(invoke("run", "nope.py:app"), "nope.py: there is no such file.\n")


def test_a_folder_is_no_spec(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    refused(invoke("run", "folder"), "folder: this is a folder; give the file of a spec.\n")


def test_a_syntax_error_is_told_with_its_line(invoke: Invoke, spec: Spec) -> None:
    spec("x = 1\ndef broken(:\n    pass\n", "broken.py")
    refused(invoke("run", "broken.py"), "broken.py:2: this is no Python: invalid syntax.\n     2 | def broken(:\n")


def test_bytes_that_are_no_text_are_told(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "bytes.py").write_bytes(b"x = '\xff\xfe'\n")
    refused(invoke("run", "bytes.py"), "bytes.py")


def test_nul_bytes_are_told(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "nul.py").write_bytes(b"x = 1\0\n")
    refused(invoke("run", "nul.py"), "nul.py: this is no Python")


def test_a_failing_import_is_told_with_its_line(invoke: Invoke, spec: Spec) -> None:
    spec("import duality\n\nimport no_such_module_at_all\n", "importing.py")
    wanted = (
        "importing.py:3: importing the spec failed with ModuleNotFoundError: No module named 'no_such_module_at_all'."
    )
    refused(invoke("run", "importing.py"), wanted)


def test_an_error_while_importing_is_told_at_the_line_of_the_spec(invoke: Invoke, spec: Spec) -> None:
    spec("import json\njson.loads('{')\n", "json_spec.py")
    refused(invoke("run", "json_spec.py"), "json_spec.py:2: importing the spec failed with JSONDecodeError")


def test_a_syntax_error_of_a_neighbour_is_told_of_the_neighbour(invoke: Invoke, spec: Spec) -> None:
    spec("def (:\n", "bad_neighbour.py")
    spec("import bad_neighbour\n", "app.py")
    result = invoke("run", "app.py")
    refused(result, "bad_neighbour.py:1: this is no Python")


def test_a_spec_that_exits_while_it_is_imported_is_told(invoke: Invoke, spec: Spec) -> None:
    spec("raise SystemExit(0)\n", "leaving.py")
    refused(invoke("run", "leaving.py"), "leaving.py:1: importing the spec failed with SystemExit: 0.")


def test_a_file_without_application_is_told(invoke: Invoke, spec: Spec) -> None:
    spec("x = 1\n", "plain.py")
    refused(invoke("run", "plain.py"), "plain.py: there is no application in this file")


def test_an_unknown_application_is_told_with_those_there_are(invoke: Invoke, spec: Spec) -> None:
    spec(TWO, "two.py")
    refused(invoke("run", "two.py:third"), "two.py: no application 'third'; there are first, second.\n")


def test_several_applications_and_no_name_is_told(invoke: Invoke, spec: Spec) -> None:
    spec(TWO, "two.py")
    refused(invoke("run", "two.py"), "two.py: there are first, second; say which, as in two.py:first.\n")


def test_the_application_named_like_the_file_is_the_one_meant(invoke: Invoke, spec: Spec) -> None:
    spec(TWO, "second.py")
    assert invoke("run", "second.py").stdout == "2\n"
    assert invoke("run", "second.py:first").stdout == "1\n"


def test_an_imported_application_counts_only_if_there_is_no_other(invoke: Invoke, spec: Spec) -> None:
    spec(TWO, "two.py")
    spec("from two import second\n", "alias.py")
    assert invoke("run", "alias.py").stdout == "2\n"


def test_a_spec_imports_its_neighbours_from_wherever_one_stands(invoke: Invoke, spec: Spec) -> None:
    spec("NUMBER = 42\n", "deep/neighbour_of_spec.py")
    spec(TWO.replace("Main(1)", "Main(neighbour_of_spec.NUMBER)").replace(
        "from duality", "import neighbour_of_spec\nfrom duality", 1), "deep/app.py")  # fmt: skip
    assert invoke("run", "deep/app.py:first").stdout == "42\n"


def test_the_file_keeps_the_name_it_was_given(invoke: Invoke, spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    spec(TWO, "deep/two.py")
    assert load("deep/two.py:first").app.file == "deep/two.py"


def test_a_spec_named_like_a_module_of_python_does_not_stand_in_its_place(invoke: Invoke, spec: Spec) -> None:
    import queue

    spec(TWO, "queue.py")
    assert invoke("run", "queue.py:first").stdout == "1\n"
    assert sys.modules["queue"] is queue


def test_a_file_of_a_package_imports_from_where_the_package_lies(invoke: Invoke, spec: Spec, tmp_path: Path) -> None:
    spec("", "kit/__init__.py")
    spec("NUMBER = 7\n", "kit/http.py")  # a name that Python has too
    spec(TWO.replace("Main(1)", "Main(NUMBER)").replace(
        "from duality", "from .http import NUMBER\nfrom duality", 1), "kit/app.py")  # fmt: skip
    assert home_of(str(tmp_path / "kit" / "app.py")) == (str(tmp_path), "kit")
    assert invoke("run", "kit/app.py:first").stdout == "7\n"


def test_the_web_server_itself_can_be_shown_from_its_file(invoke: Invoke) -> None:
    import duality

    server = Path(duality.__file__).parent / "web" / "server.py"
    result = invoke("show", f"{server}:Connections.serve", "--root", ".")
    assert result.exit_code == 0, result.output
    assert "def serve_after_recv(" in result.stdout


def test_colons_in_a_file_name_are_part_of_it(spec: Spec) -> None:
    path = spec(TWO, "a:b.py")
    assert split(f"{path}:first") == (str(path), ["first"])
    assert split("no/where.py:x:y") == ("no/where.py", ["x", "y"])


def test_a_third_name_is_refused_where_a_procedure_makes_no_sense(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spec(TWO, "two.py")
    with pytest.raises(BadInput, match="give FILE or FILE:APP"):
        load(f"{path}:first:main")
    assert load(f"{path}:first:main", rest=True).rest == "main"
