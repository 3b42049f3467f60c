"""The machine under test, and the least a runtime must do to use it.

``core`` is an open ``RealIO``, once on epoll and once on poll. A ``Task`` here is an activation that
never runs: it collects its answers, and ``finish`` insists on exactly one.
"""

import socket
from collections import deque
from contextlib import contextmanager

import pytest

from duality.core.contract import PENDING
from duality.core.io import RealIO

PATIENCE = 30.0  # seconds until a test that hangs is told so


class Task:
    def __init__(self):
        self.parked = None
        self.answers = []


class Core:
    def __init__(self, poller):
        self.io = RealIO(poller)
        self.net, self.disk = self.io.net, self.io.disk
        self.ready = deque()
        self.signals = []
        self.io.open(self.ready, self.signals.append)
        self._raw = []

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
            guard = self.io.call_at(self.io.now() + PATIENCE, self._hangs)
            try:
                self.io.poll(True)
            finally:
                guard.cancel()
            self.settle()

    def _hangs(self):
        raise AssertionError(f"nothing happened for {PATIENCE} s")

    def finish(self, task):
        """Poll until the task has its answer; give the value, or raise the error."""
        self.until(lambda: task.answers)
        [(value, error)] = task.answers
        if error is not None:
            raise error
        return value

    def do(self, operation, *args, **options):
        return self.finish(self.start(operation, *args, **options))

    def rounds(self, count=3):
        for _ in range(count):
            self.io.poll(False)
        self.settle()

    def pair(self, host="127.0.0.1"):
        """A connection of the core, and the plain blocking socket at its other end."""
        listener = self.do(self.net.listen, host, 0)
        raw = socket.create_connection((listener.host, listener.port), timeout=PATIENCE)
        self._raw.append(raw)
        connection = self.do(listener.accept)
        listener.close(None)
        return connection, raw

    def duplex(self):
        """Two connections of the core, joined."""
        listener = self.do(self.net.listen, "127.0.0.1", 0)
        accepting = self.start(listener.accept)
        near = self.do(self.net.connect, listener.host, listener.port)
        far = self.finish(accepting)
        listener.close(None)
        return near, far

    def close(self):
        for raw in self._raw:
            raw.close()
        self.io.close()


@contextmanager
def _opened(poller):
    core = Core(poller)
    try:
        yield core
    finally:
        core.close()


@pytest.fixture(scope="session", params=["epoll", "poll"])
def poller(request):
    return request.param


@pytest.fixture(scope="session")
def opened():
    """``with opened(poller) as core``, for tests that need many cores (hypothesis)."""
    return _opened


@pytest.fixture
def core(poller):
    with _opened(poller) as core:
        yield core


@pytest.fixture
def task():
    return Task()
