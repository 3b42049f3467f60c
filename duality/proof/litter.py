"""When Python looks for garbage in circles, while many short runs are made: between two of them, and seldom within one.

Rules: a run leaves some hundred objects that point at one another, and a collector that looks every few hundred
objects takes a tenth of the time. Only when it looks is changed, never what it finds: a run so long that it litters
more than many others is looked through while it goes on. Afterwards everything is as it was.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BETWEEN = 20_000  # objects more than when it last looked, after which it looks between two runs
WITHIN = 200_000  # and within one


@contextmanager
def swept() -> Iterator[Callable[[], None]]:
    """Within it, the collector looks when it is called, between two runs, if there is enough to find.

    What is there on entry is no garbage, and not looked at again. Nothing is changed where somebody has turned the
    collector off, or has set objects aside himself.
    """
    before = gc.get_threshold()
    if not gc.isenabled() or not before[0] or gc.get_freeze_count():
        yield _nothing
        return
    gc.freeze()
    gc.set_threshold(WITHIN, *before[1:])
    try:
        yield _sweep
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _sweep() -> None:
    if gc.get_count()[0] > BETWEEN:
        gc.collect()


def _nothing() -> None:
    """Somebody else decides."""
