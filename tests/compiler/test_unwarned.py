"""What CPython warns of in a spec it tells once, of the spec's own lines: our texts quote the same words."""

import warnings
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from duality import run
from duality.compiler import graph_of
from duality.compiler.unwarned import parse

SPEC = '''
from duality import application, module

@module
class Main:
    async def main(self):
        """A message."""
        one = await self.given()
        if one is 1 and r"a" + "\\d" and await self.given():
            for two in [1]:
                one = await self.given(), "\\w"
        return [one is 5 for two in ()]

    async def given(self):
        return 1

@application
def app():
    return Main()
'''


@pytest.fixture
def told() -> Iterator[list[warnings.WarningMessage]]:
    """The warnings told so far."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield found


def test_a_spec_is_warned_of_once_and_by_its_own_lines(
    told: list[warnings.WarningMessage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUALITY_CACHE", "off")
    path = tmp_path / "warned.py"
    path.write_text(SPEC)
    found = spec_from_file_location("warned", path)
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    assert {(one.filename, one.lineno) for one in told} == {(str(path), 9), (str(path), 11), (str(path), 12)}
    number = len(told)
    for side in ("oracle", "threads", "events"):
        assert run(module.app, side).value == []
    for text in ("spec", "threads", "events"):
        graph_of(module.app, text)
    assert [str(one) for one in told[number:]] == []


def test_a_text_that_quotes_the_spec_is_parsed_without_a_word(told: list[warnings.WarningMessage]) -> None:
    parse('x = "\\d"')
    assert told == []
    with pytest.raises(SyntaxError, match="invalid syntax"):
        parse("x = ", "here")
