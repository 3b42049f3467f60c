"""From a host as people write it to the addresses the kernel takes.

Numeric hosts and ``localhost`` are answered here, at once. Other names have to be looked up, which
may block for seconds (``look_up`` belongs in the pool).
"""

from __future__ import annotations

import socket
from typing import Any, TypeAlias

Address: TypeAlias = tuple[int, tuple[Any, ...]]
"""``(family, socket address)``, as ``socket.socket`` and ``connect`` take them."""


def known(host: str, port: int) -> list[Address] | None:
    """Answer the addresses of ``host`` without blocking, or None for a name that must be looked up.

    host: numeric IPv4 or IPv6 (with or without ``%scope``), ``localhost`` (both families, IPv4 first),
    or ``""`` (every IPv4 interface).
    """
    if host == "localhost":
        return [(socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port, 0, 0))]
    if host == "":
        return [(socket.AF_INET, ("0.0.0.0", port))]
    try:
        return _addresses(host, port, socket.AI_NUMERICHOST)
    except socket.gaierror:
        return None


def look_up(host: str, port: int) -> list[Address]:
    """Answer the addresses of ``host``, best first. Blocks this OS thread. Raises socket.gaierror, an OSError."""
    return _addresses(host, port, 0)


def _addresses(host: str, port: int, flags: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    return [(family, address) for family, _, _, _, address in found]
