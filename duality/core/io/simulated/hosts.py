"""Which machine a task is on, and what a host name means there.

Rules: a machine is a name. The loopback and any-interface addresses mean the machine of whoever says them; every other
name means the machine of that name, whether or not anything is there. Names below ``.invalid`` are looked up in vain.
Source: RFC 2606 for ``.invalid``; RFC 6890 for the loopback addresses.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final

HOME: Final = "localhost"
"""The machine of every task that nothing is said of."""

ANY: Final = ("0.0.0.0", "::")
LOOPBACK: Final = ("127.0.0.1", "::1")
_OWN: Final = {"localhost": LOOPBACK, "": ANY[:1], **{address: (address,) for address in (*ANY, *LOOPBACK)}}


class Hosts:
    """Where tasks are. ``placed``: from the name of a task to the machine it and its descendants are on."""

    __slots__ = ("_found", "placed")

    def __init__(self, placed: Mapping[str, str]) -> None:
        self.placed = dict(placed)
        self._found: dict[str, str | None] = {}

    def machine(self, task: str) -> str:
        """The machine of ``task``: what is said of it, or of the nearest task it descends from."""
        return self._placed(task) or HOME

    def _placed(self, task: str) -> str | None:
        if not self.placed:
            return None
        if task not in self._found:
            above, _, last = task.rpartition(".")
            inherited = self._placed(above) if last and above else None
            self._found[task] = self.placed.get(task, inherited)
        return self._found[task]

    def addresses(self, host: str, task: str) -> list[tuple[str, str]]:
        """What ``host`` means to ``task``: pairs of machine and address, best first. Raises socket.gaierror."""
        if host in _OWN:
            machine = self.machine(task)
            return [(machine, address) for address in _OWN[host]]
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(host, host)]

    def may_listen(self, machine: str, task: str) -> bool:
        """Whether ``task`` may listen in the name of ``machine``: its own, or any if nothing is said of where it is."""
        return self._placed(task) in (None, machine)


def covers(bound: str, address: str) -> bool:
    """Whether who is bound to the address ``bound`` is reached at ``address``. ``::`` takes IPv4, too, as on Linux."""
    return bound in (address, "::") or (bound == "0.0.0.0" and ":" not in address)


def reached(address: str) -> str:
    """The address that is reached by whoever connects to ``address``: any interface means the loopback."""
    return LOOPBACK[ANY.index(address)] if address in ANY else address
