"""Input and output, among events: a message to the I/O core, whose reply is the completion.

Dual of ``threads/io.py``. The core's own methods take the sender first and answer at once or later: exactly what a
handler needs, so there is nothing in between.
"""

from typing import Any


def net(runtime: Any) -> Any:
    """``net``, bound to the run's I/O core."""
    return runtime.io.net


def disk(runtime: Any) -> Any:
    """``disk``, bound to the run's I/O core."""
    return runtime.io.disk
