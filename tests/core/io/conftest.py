"""The machine under test: ``core`` is an open ``RealIO``, once on epoll and once on poll (see ``driver``)."""

import socket
from contextlib import contextmanager

import pytest

from duality.core.io import RealIO
from tests.core.io.driver import Driver, Task

PATIENCE = 30.0  # seconds until a test that hangs is told so


class Core(Driver):
    patience = PATIENCE

    def __init__(self, poller):
        self.signals = []
        self._raw = []
        super().__init__(RealIO(poller), self.signals.append)

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
