"""``simulated(...)``: an open simulated core with these settings, and the least a runtime must do to use it."""

import pytest

from tests.core.io.conformance.cores import Simulated


@pytest.fixture
def simulated():
    made = []

    def simulated(**settings):
        made.append(Simulated(**settings))
        return made[-1]

    yield simulated
    for core in made:
        core.io.close()


@pytest.fixture
def core(simulated):
    return simulated()
