"""Tasks that never run, for the machine's own tests: what happens to them is what is tested."""

from collections import deque

from duality.core.condition import Waiters
from duality.core.contract import PENDING
from duality.core.gate import Gate
from duality.core.task import Task


class Stage:
    """A ready list, one module with one condition, and tasks by name."""

    def __init__(self, *names):
        self.ready = deque()
        self.gate = Gate("Room", self.ready)
        self.waiters = Waiters("Room.change", self.gate)
        self.tasks = {name: Task(name, self.ready) for name in names}

    def __getitem__(self, name):
        return self.tasks[name]

    def enter(self, name):
        """Whether ``name`` got in at once."""
        return self.gate.enter(self[name]) is not PENDING

    def woken(self):
        """The names made ready since the last look, with the error each is to be told; each is parked nowhere."""
        entries = [(task.name, error) for task, _, error in self.ready]
        assert all(task.parked is None for task, _, _ in self.ready)
        self.ready.clear()
        return entries

    def names(self):
        """The same, where no errors are expected."""
        entries = self.woken()
        assert all(error is None for _, error in entries)
        return [name for name, _ in entries]

    @property
    def holder(self):
        return self.gate.holder.name if self.gate.holder is not None else None
