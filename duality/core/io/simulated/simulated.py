"""The I/O core on a machine that is not there: time, a network and a disk inside one run.

One round of ``poll``: the signals, then whatever is due. When nobody is ready, the clock jumps to what comes next;
it never waits. A run is a function of its inputs, the seed and the schedule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from duality.core.contract import Activation, Pending, Ready
from duality.core.io.simulated.agenda import Agenda
from duality.core.io.simulated.disk import Disk
from duality.core.io.simulated.faults import Faults
from duality.core.io.simulated.hosts import Hosts
from duality.core.io.simulated.journal import Journal, Operation, failed
from duality.core.io.simulated.net import Net
from duality.core.io.simulated.sentences import Sentence
from duality.core.io.simulated.settings import checked
from duality.core.io.simulated.signals import Taken
from duality.core.io.simulated.tree import Tree
from duality.core.io.simulated.trouble import Trouble
from duality.core.io.simulated.wires import Link, Wires
from duality.core.io.simulated.world import World, drawing
from duality.core.io.timers import Timer

PATIENCE: Final = 1000
"""Rounds in a row that somebody may be ready in before the clock moves all the same: tasks that only give way to each
other until something happens must not keep it from happening."""


class SimulatedIO:
    """An I/O core of which every part is simulated, for one run at a time.

    seed: starts the generator that everything random is drawn from.
    faults: what goes wrong, and when (see ``Faults``).
    latency: seconds that anything takes from one machine to another, least and most.
    bandwidth: bytes per second from one machine to another, None for no limit.
    links: for pairs of machines that are joined in another way, how (see ``Link``).
    buffer: bytes that may be sent on a connection before the peer has received them, >= 1.
    files: what is on the disk, by absolute path: bytes; a str, for a symbolic link to there; None, for a directory.
    disk_latency: seconds of an operation on the disk, least and most.
    capacity: bytes that fit on the disk, None for no limit.
    descriptors: connections, listeners and files that may be open at once, None for no limit.
    hosts: on which machine a task runs, by its name; its descendants run there, too. The others are on ``localhost``.
    log: whether the operations are noted (see ``log``).

    ``net`` and ``disk`` hold the operations. Between ``open`` and ``close`` only. Opened again, it begins anew.
    """

    __slots__ = (
        "_agenda", "_link", "_on_signal", "_opened", "_rounds", "_settings", "_signals", "_world", "disk",
        "net",
    )  # fmt: skip

    def __init__(
        self,
        seed: int = 0,
        *,
        faults: Faults | None = None,
        latency: tuple[float, float] = (0.0005, 0.002),
        bandwidth: float | None = None,
        links: Mapping[tuple[str, str], Link] | None = None,
        buffer: int = 65536,
        files: Mapping[str, bytes | str | None] | None = None,
        disk_latency: tuple[float, float] = (0.0001, 0.001),
        capacity: int | None = None,
        descriptors: int | None = None,
        hosts: Mapping[str, str] | None = None,
        log: bool = True,
    ) -> None:
        self._settings = checked({name: value for name, value in locals().items() if name != "self"})
        self._signals = Taken()
        self._link = Link(latency, bandwidth)
        self.net = Net(Hosts(hosts or {}))
        self.disk = Disk(disk_latency, capacity)
        self._opened = False
        self._begin()

    def _begin(self) -> None:
        """Make the world anew, as it is before a run."""
        settings = self._settings
        draw = drawing(settings["seed"])
        self._agenda = agenda = Agenda()
        journal = Journal(agenda, settings["log"])
        wires = Wires(agenda, draw, self._link, settings["links"] or {})
        trouble = Trouble(settings["faults"] or Faults())
        self._world = World(agenda, journal, draw, wires, trouble, settings["buffer"], settings["descriptors"])
        self.net.begin(self._world)
        self.disk.begin(self._world, Tree(settings["files"] or {}))
        self._rounds = 0

    def open(self, ready: Ready, on_signal: Callable[[int], object]) -> None:
        """Begin, at 0.0 seconds. Completions go to ``ready``.

        ``on_signal(signum)`` is called from ``poll``, for SIGINT and SIGTERM, if this is the main OS thread, and for
        those of the faults.
        """
        if self._opened:
            self._begin()
        self._opened = True
        self._agenda.ready = self._world.ready = ready
        self._on_signal = on_signal
        self._signals.open()
        self._world.trouble.begin(self._world, on_signal)

    def anew(self, seed: int) -> None:
        """Be as one made with this ``seed``, and unopened. What is left of the run before reaches nobody."""
        self._agenda.ready = self._world.ready = []
        self._settings["seed"] = seed
        self._opened = False
        self._begin()

    def leave_signals(self) -> None:
        """Take no signal of the process from the next ``open`` on: whoever makes the run has them."""
        self._signals.left = True

    def close(self) -> None:
        """End, whatever the run leaked included (see ``leaked``); nobody is made ready."""
        self._signals.close()

    def now(self) -> float:
        """Answer the time in seconds. It stands still while anybody is ready."""
        return self._agenda.time

    def sleep(self, activation: Activation, seconds: float) -> Pending:
        """Block for ``seconds``, >= 0. Even 0 rests once, until the next poll. Raises ValueError if negative."""
        line = self._world.journal.begin(activation, "clock", "sleep", seconds)
        try:
            pending = self._agenda.sleep(activation, seconds)
        except ValueError as error:
            raise failed(line, error) from None
        line[5] = "done"
        return pending

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call ``callback`` from ``poll`` once ``now() >= when``, unless ``.cancel()`` of the answer comes first."""
        self._world.journal.begin(None, "clock", "call_at", when)[5] = "done"
        return self._agenda.call_at(when, callback)

    @property
    def pending(self) -> int:
        """How many things are still to come. 0 with nothing ready is a deadlock: there is no world outside."""
        return self._agenda.pending

    def poll(self, block: bool) -> None:
        """Make ready whoever can go on. With ``block``, the clock jumps to what comes next.

        It may also return with nothing ready; ask again. What a timer's callback or ``on_signal`` raises comes out of
        here; nothing else is lost by it.
        """
        if self._signals.notes:
            self._signals.deliver(self._on_signal)
        agenda = self._agenda
        self._rounds += 1
        if block or self._rounds > PATIENCE:
            self._rounds = 0
            agenda.advance()
        if agenda.heap and agenda.heap[0][0] <= agenda.time:
            agenda.fire(agenda.time)

    def still(self) -> bool:
        """Whether a round while somebody is ready would bring nothing; then it counts as one."""
        if self._agenda.heap or self._signals.notes:
            return False
        self._rounds = 0 if self._rounds >= PATIENCE else self._rounds + 1
        return True

    def wake(self) -> None:
        """Nothing to do: ``poll`` never waits. Any OS thread may call it."""

    def leaked(self) -> list[str]:
        """Name the connections, listeners and files that are open now: at the end of a run, those nobody closed."""
        return sorted(repr(thing) for thing in self._world.things)

    @property
    def log(self) -> tuple[Operation, ...]:
        """The operations asked of this core so far, in order."""
        return self._world.journal.operations()

    @property
    def settings(self) -> dict[str, Any]:
        """What it was made with, by name."""
        return dict(self._settings)

    @property
    def unused(self) -> tuple[Sentence, ...]:
        """The faults that have made no difference so far: their time or target never came, or chance spared us."""
        return self._world.trouble.unused()

    def again(self) -> SimulatedIO:
        """Another one with the same settings, unopened."""
        return SimulatedIO(**self._settings)

    def __repr__(self) -> str:
        default = {"seed": 0, **(SimulatedIO.__init__.__kwdefaults__ or {})}
        told = [f"{name}={value!r}" for name, value in self._settings.items() if value != default[name]]
        return f"SimulatedIO({', '.join(told)})"
