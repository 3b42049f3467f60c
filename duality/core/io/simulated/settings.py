"""What a simulated core is made with, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from duality.core.io.simulated.tree import Tree
from duality.core.io.simulated.wires import Link


def checked(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, with copies of what their owner might change. Raises ValueError for what makes no sense."""
    kept: dict[str, Any] = {name: dict(one) if isinstance(one, Mapping) else one for name, one in settings.items()}
    Link(kept["latency"], kept["bandwidth"])
    Link(kept["disk_latency"])
    if kept["buffer"] < 1:
        raise ValueError(f"a buffer holds a byte at least, not {kept['buffer']}")
    for name in ("capacity", "descriptors"):
        if kept[name] is not None and kept[name] < 0:
            raise ValueError(f"{name} cannot be {kept[name]}")
    if kept["files"]:
        Tree(kept["files"])
    return kept
