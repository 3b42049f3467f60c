"""One spec, two programs: the duality of events and threads, as a framework. A map of the building:

    F0  notions    the table of Lauer & Needham, as data          graph      the blocking graph, as data
    F1  spec       what an application imports                    core       the machine both sides share
    F2  compiler   one source to two programs                     dual       what both sides must offer
    F3  events | threads | oracle                                 twins, blind to one another
    F4  proof      schedules and the law                          web        Knot and Haboob, one spec
        lib        channels and their kin, written in the spec
    F5  view, bench, cli                                          pictures, measurements, the command line
"""

from duality.errors import Cancelled, DeadlockError, InvariantBroken, SpecError
from duality.run import Run, run
from duality.spec.application import Application, application
from duality.spec.condition import Condition
from duality.spec.invariant import invariant
from duality.spec.io import disk, net
from duality.spec.marks import entry, procedure
from duality.spec.module import module
from duality.spec.verbs import fail_after, fork, join, move_on_after, now, reply, scope, send, sleep, yield_now

__version__ = "0.1.0"
__all__ = [
    "Application",
    "Cancelled",
    "Condition",
    "DeadlockError",
    "InvariantBroken",
    "Run",
    "SpecError",
    "application",
    "disk",
    "entry",
    "fail_after",
    "fork",
    "invariant",
    "join",
    "module",
    "move_on_after",
    "net",
    "now",
    "procedure",
    "reply",
    "run",
    "scope",
    "send",
    "sleep",
    "yield_now",
]
