"""The least a runtime must do to use an I/O core.

A ``Task`` here is an activation that never runs: it collects its answers, and ``finish`` insists on exactly one.
"""

from collections import deque

from duality.core.contract import PENDING


class Task:
    name = "0"

    def __init__(self):
        self.parked = None
        self.answers = []


class Driver:
    """An open I/O core. ``patience``: seconds, on its clock, until a test that hangs is told so."""

    patience = 30.0

    def __init__(self, io, on_signal=print):
        self.io = io
        self.net, self.disk = io.net, io.disk
        self.ready = deque()
        self.io.open(self.ready, on_signal)

    def start(self, operation, *args, **options):
        """Begin an operation for a new task, which keeps the answer if there is one at once."""
        task = Task()
        try:
            value = operation(task, *args, **options)
        except Exception as error:
            task.answers.append((None, error))
        else:
            if value is not PENDING:
                task.answers.append((value, None))
        return task

    def settle(self):
        """Hand the completions in the ready list to their tasks."""
        while self.ready:
            task, value, error = self.ready.popleft()
            assert task.parked is None
            task.answers.append((value, error))

    def until(self, condition):
        """Poll until ``condition()`` holds."""
        self.settle()
        while not condition():
            assert self.io.pending, "nothing is pending, and still we wait"
            guard = self.io.call_at(self.io.now() + self.patience, self._hangs)
            try:
                self.io.poll(True)
            finally:
                guard.cancel()
            self.settle()

    def _hangs(self):
        raise AssertionError(f"nothing happened for {self.patience} s")

    def finish(self, task):
        """Poll until the task has its answer; give the value, or raise the error."""
        self.until(lambda: task.answers)
        [(value, error)] = task.answers
        if error is not None:
            raise error
        return value

    def do(self, operation, *args, **options):
        return self.finish(self.start(operation, *args, **options))

    def listening(self, host="127.0.0.1", **options):
        return self.do(self.net.listen, host, 0, **options)

    def duplex(self):
        """The two ends of a connection."""
        listener = self.listening()
        accepting = self.start(listener.accept)
        near = self.do(self.net.connect, listener.host, listener.port)
        far = self.finish(accepting)
        listener.close(None)
        return near, far
