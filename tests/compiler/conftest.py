"""The update flag of the golden cases, and specs that are written in a test and loaded from a file."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.compiler.fuzz.compare import load

HEAD = """\
from attrs import field
from duality import *
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/compiler --update-golden``"""
    try:
        parser.addoption("--update-golden", action="store_true", help="write what the compiler makes of each case now")
    except ValueError:
        pass  # a conftest further up has it


@pytest.fixture
def spec(tmp_path: Path) -> Callable[[str], ModuleType]:
    """``spec(text)``: a file with the usual imports (two lines) and ``text``, loaded."""

    def spec(text: str) -> ModuleType:
        return load(HEAD + textwrap.dedent(text).lstrip("\n"), tmp_path, "app")

    return spec
