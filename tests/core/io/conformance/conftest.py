"""The cores that every test here is run on; see ``cores``."""

from contextlib import contextmanager

import pytest

from tests.core.io.conformance.cores import ROUGH, Real, Simulated


@contextmanager
def _opened(kind, root):
    core = Real(root) if kind == "real" else Simulated(faults=ROUGH if kind == "rough" else None)
    try:
        yield core
    finally:
        core.io.close()


@pytest.fixture(params=["real", "simulated", "rough"])
def kind(request):
    return request.param


@pytest.fixture
def opened(kind, tmp_path_factory):
    """``with opened() as core``, for tests that need many cores (hypothesis)."""
    return lambda: _opened(kind, tmp_path_factory.mktemp("disk"))


@pytest.fixture
def core(opened):
    with opened() as core:
        yield core
