"""Which line of a spec an error came from.

Rule: the machine, Python's library and this floor are never to blame; the innermost frame that is none of these is.
"""

import os
import sysconfig
import traceback

from duality.core.tracebacks import MACHINE

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_OTHERS = ("<", *MACHINE, _HERE, *(sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib")))


def place_of(error: BaseException) -> str:
    """``file:line``: the place that ``error`` names itself, or else of the statement that raised it; "" for none.

    Of a group, that of its first part which has one.
    """
    file, line = getattr(error, "file", None), getattr(error, "line", None)
    if file and line:
        return f"{file}:{line}"
    if isinstance(error, BaseExceptionGroup):
        return next((place for place in map(place_of, error.exceptions) if place), "")
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if is_spec(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{number}"
    return ""


def is_spec(filename: str) -> bool:
    """Whether code of this file is a spec's, or what a spec calls that is neither ours nor Python's."""
    return not filename.startswith(_OTHERS)
