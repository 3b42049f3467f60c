"""The I/O core: sockets, files, timers, signals; everything that waits for the outside world.

Both runtimes stand on this one core and neither is known here. Read in this order:

- ``errors``      what an operation may raise beyond the system's own errors
- ``poller``      one outline, two system calls: epoll and poll
- ``connection``  the hot path, on top of ``receiving``;  ``outgoing`` what send could not send at once
- ``listener``, ``net``, ``names``   how connections come to be
- ``timers``      sleepers and callbacks by deadline
- ``pool``        OS threads for what the kernel cannot do without blocking;  ``wakeup`` their bell
- ``disk``, ``file``   files: the page cache first, the pool otherwise
- ``signals``     SIGINT and SIGTERM, taken at a quiet moment
- ``real``        all of it together: ``RealIO``
- ``simulated``   the same contract, on a machine that is not there: ``SimulatedIO``
"""

from duality.core.io.errors import BusyError, ClosedError, EndOfStream
from duality.core.io.real import RealIO

__all__ = ["BusyError", "ClosedError", "EndOfStream", "RealIO"]
