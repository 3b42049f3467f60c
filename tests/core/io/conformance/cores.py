"""Three I/O cores of one contract: the real one, over loopback and temporary files; the simulated one; and the
simulated one in rough weather, which cuts and delays what it may cut and delay.

Rule: what is tested here holds for all of them, and a test does not know which it has.
"""

import os
import resource
from contextlib import contextmanager

from duality.core.io import RealIO
from duality.core.io.simulated import Faults, SimulatedIO
from tests.core.io.driver import Driver

PATIENCE = 8.0  # seconds until a test that hangs is told so
ROUGH = Faults.parse("short read 0.5; short write 0.5; late 0.3 by 0.01 s")


class Core(Driver):
    """An open I/O core, and a directory to put files in."""

    patience = PATIENCE

    def __init__(self, io, root):
        super().__init__(io)
        self.root = root

    def waits(self, *tasks):
        """Whether, for all that happens meanwhile, each of ``tasks`` is parked and has no answer."""
        self.pass_time(0.02)
        return all(task.parked is not None and not task.answers for task in tasks)

    def pass_time(self, seconds):
        """Let what is under way arrive."""
        self.do(self.io.sleep, seconds)

    def path(self, name):
        return f"{self.root}/{name}" if name else self.root

    def read(self, connection, size):
        """Receive ``size`` bytes, in as many pieces as they come in; fewer if the stream ends."""
        data = b""
        while len(data) < size and (piece := self.do(connection.recv, size - len(data))):
            data += piece
        return data


class Real(Core):
    def __init__(self, root):
        super().__init__(RealIO(), str(root))

    def put(self, name, content):
        """Put a file (bytes), a link (str) or a directory (None) on the disk before anybody looks."""
        place = self.path(name)
        os.makedirs(os.path.dirname(place) if content is not None else place, exist_ok=True)
        if isinstance(content, str):
            os.symlink(content, place)
        elif content is not None:
            with open(place, "wb") as file:
                file.write(content)

    @contextmanager
    def only(self, count):
        """Meanwhile ``count`` more descriptors are to be had."""
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        highest = max(number for number in map(int, os.listdir("/proc/self/fd")) if _is_open(number))
        fillers = [os.dup(0) for number in range(highest) if not _is_open(number)]  # the limit is on the number
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1 + count, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            for number in fillers:
                os.close(number)


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


class Simulated(Core):
    patience = 100_000.0  # of virtual seconds

    def __init__(self, **settings):
        settings.setdefault("files", {"/root": None})
        super().__init__(SimulatedIO(**{"seed": 1, **settings}), "/root")

    def put(self, name, content):
        self.io.disk.tree.plant(self.path(name), content)

    @contextmanager
    def only(self, count):
        world = self.io._world
        world.limit = len(world.things) + count
        yield
        world.limit = None
