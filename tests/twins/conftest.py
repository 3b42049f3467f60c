"""Written once, run on all three; and traced as well as not, for a run that is watched takes other paths."""

from collections.abc import Callable
from typing import Any

import pytest

from duality import run
from tests.conftest import application_of
from tests.virtual import VirtualIO


@pytest.fixture(params=["", "traced"], ids=["plain", "traced"])
def play(request: pytest.FixtureRequest, on: str) -> Callable[..., Any]:
    """``play(build, ...)``: run the root module that ``build()`` makes, time taking no time; gives its value."""

    def play(build: Callable[[], Any], **options: Any) -> Any:
        options.setdefault("io", VirtualIO())
        return run(application_of(build), on, trace=bool(request.param), **options).value

    return play
