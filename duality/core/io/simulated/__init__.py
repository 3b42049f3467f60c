"""The simulated I/O core: a machine that is not there, for runs that can be made again.

The same contract as ``RealIO``, and neither a spec nor a runtime can tell which it has. Read in this order:

- ``agenda``      virtual time: what is to come, and a clock that jumps to it
- ``world``       what all parts of one run share
- ``hosts``, ``wires``   machines, and the ways between them
- ``channel``, ``receiving``, ``sending``, ``connection``, ``outgoing``   a byte stream, from one end to the other
- ``net``, ``listener``, ``connecting``   how connections come to be
- ``paths``, ``tree``, ``file``, ``job``, ``disk``   files, in memory
- ``sentences``, ``faults``, ``course``, ``trouble``   what goes wrong: how it is said, and what comes of it
- ``journal``     the operations asked, in order
- ``signals``     SIGINT and SIGTERM, between two rounds
- ``simulated``   all of it together: ``SimulatedIO``
"""

from duality.core.io.simulated.faults import Faults, FaultsError
from duality.core.io.simulated.journal import Operation
from duality.core.io.simulated.sentences import FORMS, Form, Sentence
from duality.core.io.simulated.simulated import SimulatedIO
from duality.core.io.simulated.tree import EPOCH
from duality.core.io.simulated.wires import Link

__all__ = ["EPOCH", "FORMS", "Faults", "FaultsError", "Form", "Link", "Operation", "Sentence", "SimulatedIO"]
