"""What a check of files and folders is about: every application there, in order, and nothing in silence."""

from pathlib import Path

import pytest

from duality.cli.refusal import BadInput
from duality.cli.targets import targets

SPEC = """
from duality import application, module, procedure


@module
class Main:
    @procedure
    async def main(self):
        return 1

"""
APPLICATION = """
@application
def {name}({parameters}):
    return Main()
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(path: str, *applications: str) -> None:
    """A spec with these applications, each a name or ``name(parameters)``."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    made = [one.partition("(") for one in applications]
    body = [APPLICATION.format(name=name, parameters=rest.rstrip(")")) for name, _, rest in made]
    Path(path).write_text(SPEC + "".join(body))


def test_every_application_of_a_folder_in_the_order_of_names() -> None:
    written("all/b.py", "second", "third")
    written("all/a.py", "first")
    written("all/inner/c.py", "fourth")
    assert [one.name for one in targets(["all"])] == [
        "all/a.py:first", "all/b.py:second", "all/b.py:third", "all/inner/c.py:fourth",
    ]  # fmt: skip


def test_what_is_no_spec_is_passed_over_and_folders_of_tools_are_not_looked_into() -> None:
    written("all/a.py", "only")
    written("all/none.py")
    Path("all/note.txt").write_text("@application")
    for folder in ("build", "__pycache__", ".hidden", "node_modules"):
        written(f"all/{folder}/x.py", "hidden")
    assert [one.name for one in targets(["all"])] == ["all/a.py:only"]


def test_a_spec_that_does_not_load_is_a_target_that_says_why() -> None:
    written("all/good.py", "good")
    Path("all/broken.py").write_text("def broken(:\n")
    broken, good = targets(["all"])
    assert broken.file == broken.name == "all/broken.py"
    assert broken.app is None
    assert "broken.py:1: " in broken.refused
    assert (good.name, good.refused) == ("all/good.py:good", "")


def test_one_that_needs_a_value_is_told_with_its_line_and_the_option() -> None:
    written("a.py", "needy(size, *, other=2)", "easy(size=3)", "any(*sizes, **more)")
    needy, easy, any_number = targets(["a.py"])
    assert needy.refused.startswith("a.py:")
    assert "application needy needs a value for --size; check it alone." in needy.refused
    assert "--other" not in needy.refused
    assert easy.refused == any_number.refused == ""
    assert easy.app.build() is not None


def test_files_and_applications_by_name_come_in_the_order_given() -> None:
    written("b.py", "one", "two")
    written("a.py", "three")
    assert [one.name for one in targets(["b.py:two", "a.py"])] == ["b.py:two", "a.py:three"]


def test_specs_are_loaded_one_after_the_other_as_they_are_asked_for() -> None:
    written("a.py", "first")
    Path("b.py").write_text("import pathlib\npathlib.Path('loaded').touch()\n" + SPEC + APPLICATION.format(
        name="second", parameters=""))  # fmt: skip
    found = targets(["a.py", "b.py"])
    assert next(found).name == "a.py:first"
    assert not Path("loaded").exists()
    assert next(found).name == "b.py:second"
    assert Path("loaded").exists()


def test_a_name_that_leads_nowhere_and_a_folder_without_a_spec() -> None:
    Path("empty").mkdir()
    with pytest.raises(BadInput, match="there is no spec in empty: no file there has an @application"):
        targets(["empty"])
    (gone,) = targets(["gone.py"])
    assert gone.app is None
    assert "gone.py" in gone.refused
