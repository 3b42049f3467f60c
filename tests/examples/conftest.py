"""Every example is loaded from its file, as ``duality run`` does, and run on all three."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from duality import run

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name: str) -> ModuleType:
    """The module in ``examples/{name}.py``, freshly executed."""
    found = importlib.util.spec_from_file_location(f"examples_{name}", EXAMPLES / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def example(request: pytest.FixtureRequest) -> ModuleType:
    """The example that the test file is named after."""
    return load(request.module.__name__.rpartition(".")[2].removeprefix("test_"))


@pytest.fixture(params=["oracle", "threads", "events"])
def side(request: pytest.FixtureRequest) -> str:
    """On what the example runs."""
    return str(request.param)


@pytest.fixture(params=["direct", "queued"])
def output(request: pytest.FixtureRequest, side: str) -> Callable[..., Any]:
    """``output(app, **params)``: what a run of ``app`` returns; once with crossing direct, once queued."""

    def output(app: Any, **params: Any) -> Any:
        return run(app, side, crossing=request.param, **params).value

    return output
