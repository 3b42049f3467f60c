"""The law holds for the web server: many schedules, on a simulated network and disk, in every weather."""

import pytest

from duality.core.io.simulated import Faults, SimulatedIO
from duality.proof import check
from tests.conftest import application_of
from tests.core.io.simulated.test_examples import FILES, WEATHER, town

HOSTS = {"0": "client", "0.1": "server"}


@pytest.mark.parametrize("weather", WEATHER)
def test_the_three_serve_alike(weather):
    seed = 1
    io = SimulatedIO(seed, faults=Faults.parse(WEATHER[weather]), files=FILES, hosts=HOSTS, buffer=4096)
    allowed = ["error"] if weather == "broken" else []  # there, the disk may fail before the server has begun
    verdict = check(application_of(town), schedules=4, seed=seed, io=io, allow=allowed)
    assert verdict, str(verdict)
    assert verdict.steps > (100 if allowed else 1000)
