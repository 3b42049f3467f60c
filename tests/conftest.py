"""What every room's tests share: the three runtimes, a way to run a small spec, and a guard against hanging.

A spec's source must be in a file, and a test module is one: specs stand at the top of the test that uses them.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from hypothesis import settings

from duality import run
from duality.spec.application import Application
from tests.virtual import VirtualIO

# Nothing that a test compiles belongs into the home of whoever runs it; what is started from here is told as well.
os.environ["DUALITY_CACHE"] = "off"

# How long an example takes on a busy machine is no property of what is tested.
settings.register_profile("duality", deadline=None)
settings.load_profile("duality")

RUNTIMES = ("threads", "events", "oracle")
PATIENCE = 20


def pytest_collection_finish() -> None:
    """What the tests themselves consist of lives to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=RUNTIMES)
def on(request: pytest.FixtureRequest) -> str:
    """The runtime; a test that asks for it is run on all three."""
    return str(request.param)


@pytest.fixture
def play(on: str) -> Callable[..., Any]:
    """``play(build, ...)``: run the root module that ``build()`` makes, on a clock that waits for nobody; its value."""

    def play(build: Callable[[], Any], **options: Any) -> Any:
        options.setdefault("io", VirtualIO())
        return run(application_of(build), on, **options).value

    return play


def application_of(build: Callable[[], Any]) -> Application:
    """A nameless application: ``build`` is a module class, or a function that wires modules."""
    return Application(lambda: build())


@pytest.fixture
def promptly() -> Callable[[], AbstractContextManager[None]]:
    """``with promptly():`` fails the test instead of hanging it, even in a loop that never rests."""

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError(f"still going after {PATIENCE} s")

    @contextmanager
    def guard() -> Iterator[None]:
        before = signal.signal(signal.SIGALRM, ring)
        signal.alarm(PATIENCE)
        try:
            yield
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)

    return guard
