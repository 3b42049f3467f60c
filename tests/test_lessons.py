"""What the lessons say of the files that a reader saves is so; the pages themselves are run when they are built."""

import re
from pathlib import Path

import pytest

from duality import run
from duality.cli.load import load
from duality.proof import check
from duality.proof.explore import explore

LESSONS = sorted((Path(__file__).parents[1] / "tutorials").glob("*.md"))


def saved(lesson: Path) -> dict[str, str]:
    """The files that a lesson has its reader save, by name."""
    return dict(re.findall(r"^```{code-cell} python\n%%writefile (\S+)\n(.*?)^```", lesson.read_text(), re.M | re.S))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_what_is_saved_is_python_and_named_in_the_text(lesson: Path) -> None:
    files = saved(lesson)
    assert files
    for name, text in files.items():
        compile(text, name, "exec")
        assert f"as `{name}`" in lesson.read_text()  # as a reader is told to save it


@pytest.fixture
def account(tmp_path: Path) -> Path:
    """The account of the second lesson, as it is first written."""
    path = tmp_path / "account.py"
    path.write_text(saved(LESSONS[1])["account.py"])
    return path


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("side", ["threads", "events", "oracle"])
def test_an_ordinary_run_does_not_show_the_race(account: Path, side: str, crossing: str) -> None:
    assert run(load(str(account)).app, side, crossing=crossing).value == 8


@pytest.mark.parametrize("seed", range(6))
def test_a_check_shows_it_in_six_steps_with_whatever_seed(account: Path, seed: int) -> None:
    found = check(load(str(account)).app, seed=seed).finding
    assert found is not None
    assert (found.law, found.said) == ("assertion", "overdrawn: -2")
    assert found.setting.params == {"amount": 6}
    assert len(found.trials[0].steps) == 6


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("amount", [5, 6, 8])
def test_the_cure_is_proved(account: Path, amount: int, crossing: str) -> None:
    text = account.read_text().replace("import application, fork", "import application, entry, fork")
    account.write_text(text.replace("@procedure\n    async def withdraw", "@entry\n    async def withdraw"))
    outcomes = explore(load(str(account)).app, amount=amount, crossing=crossing)
    assert outcomes.proved
    assert [one.brief for one in outcomes.outcomes] == [f"value {10 if amount == 5 else amount}"]
