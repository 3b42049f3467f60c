"""What CPython's own tests ask of coroutines, asked of the three runtimes: the same answers, or a refusal, or a reason.

``specs.py`` says how a case is written, ``asked.txt`` which tests of CPython's were read.
"""

import sys
from collections import Counter
from pathlib import Path

import pytest

from duality import SpecError, run
from tests.compiler.fuzz.compare import differences, load
from tests.compiler.outside import plain
from tests.compiler.outside.specs import STATUSES, Case, asked, cases, files, write

ALL = [case for file in files() for case in cases(file)]


def param(case: Case):  # type: ignore[no-untyped-def]
    newer = pytest.mark.skipif(case.oldest > sys.version_info[:2], reason=f"written in Python {case.since}'s syntax")
    return pytest.param(case, id=f"{case.file.stem}: {case.name}", marks=newer)


COVERED = [param(case) for case in ALL if case.status == "covered"]
SHOWN = [param(case) for case in ALL if case.status == "different" and case.spec]
UNREADABLE = [param(case) for case in ALL if case.refused.startswith("SyntaxError")]
REFUSED = [param(case) for case in ALL if case.status == "refused" and not case.refused.startswith("SyntaxError")]


@pytest.mark.parametrize("case", COVERED + SHOWN)
def test_cpython_gives_what_the_case_says(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    value = plain.value(load(case.text, tmp_path).app)
    if request.config.getoption("--update-golden", False):
        case.answered(value)
        write(case.file, [case if one.name == case.name else one for one in cases(case.file)])
    assert value == case.value(case.answer)


@pytest.mark.parametrize("case", COVERED)
def test_the_three_do_as_cpython(case: Case, tmp_path: Path) -> None:
    app = load(case.text, tmp_path).app
    for on in ("oracle", "threads", "events"):
        assert run(app, on).value == case.value("gives"), on
    found = next(differences(app), None)
    assert found is None, found


@pytest.mark.parametrize("side", ["threads", "events"])
@pytest.mark.parametrize("case", SHOWN)
def test_what_is_different_is_as_the_case_says(case: Case, side: str, tmp_path: Path) -> None:
    value = run(load(case.text, tmp_path).app, side).value
    assert value == case.value("gives")
    assert value != case.value("python")


@pytest.mark.parametrize("on", ["oracle", "threads", "events"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_the_sentence_of_the_case(case: Case, on: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        run(load(case.text, tmp_path).app, on)
    assert refused.value.message == case.refused
    assert refused.value.advice


@pytest.mark.parametrize("case", UNREADABLE)
def test_python_itself_refuses_it(case: Case, tmp_path: Path) -> None:
    with pytest.raises(SyntaxError) as refused:
        load(case.text, tmp_path)
    assert f"SyntaxError: {refused.value.msg}" == case.refused


# ---- the data


def test_every_case_is_complete() -> None:
    needed = {"covered": {"spec", "gives"}, "refused": {"spec", "refused"}, "different": {"because"}}
    for case in ALL:
        assert case.status in STATUSES, case.name
        assert case.construct, case.name
        assert case.tests, case.name
        assert needed[case.status] <= set(case.sections), case.name
        shown = {"spec", "gives", "python"}
        assert case.status != "different" or shown & set(case.sections) in (set(), shown), case.name


def test_no_two_cases_share_a_name() -> None:
    assert [name for name, count in Counter(case.name for case in ALL).items() if count > 1] == []


def test_every_test_of_cpython_is_answered_and_no_other() -> None:
    known = {name for classes in asked().values() for names in classes.values() for name in names}
    answered = {name for case in ALL for name in case.tests}
    assert known - answered == set()
    assert answered - known == set()


def test_writing_what_was_read_changes_nothing(tmp_path: Path) -> None:
    for file in files():
        copy = tmp_path / file.name
        write(copy, cases(file))
        assert copy.read_text() == file.read_text()
