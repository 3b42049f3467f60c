"""One run of an application as a check makes it, and whoever looks at its tasks as they come to rest."""

from duality.core.io.simulated import SimulatedIO
from duality.proof.schedule import Schedule
from duality.proof.trial import trial


def trial_of(app, on, schedule=None, crossing="direct", io=None, watchers=(), **params):
    """The trial of ``app``, first in first out if no schedule is given, on a simulated I/O core."""
    build, schedule = (lambda: app.build(**params)), schedule or Schedule.fifo()
    return trial(build, on, schedule, io or SimulatedIO(), crossing=crossing, watchers=watchers)


class Resting:
    """Notes a task's name, and what ``look(runtime, task)`` gives, whenever one that has not ended comes to rest."""

    def __init__(self, look):
        self.look = look
        self.seen = []

    def begin(self, runtime, modules):
        """Nothing is looked at yet."""

    def rest(self, runtime, task):
        """A step is over; ``task`` made it."""
        if task is not None and not task.done:
            self.seen.append((task.name, *self.look(runtime, task)))
