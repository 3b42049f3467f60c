"""One run of an application as a check makes it."""

from duality.core.io.simulated import SimulatedIO
from duality.proof.schedule import Schedule
from duality.proof.trial import trial


def trial_of(app, on, schedule=None, crossing="direct", io=None, watchers=(), **params):
    """The trial of ``app``, first in first out if no schedule is given, on a simulated I/O core."""
    build, schedule = (lambda: app.build(**params)), schedule or Schedule.fifo()
    return trial(build, on, schedule, io or SimulatedIO(), crossing=crossing, watchers=watchers)
