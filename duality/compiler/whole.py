"""A file that is written whole or not at all: beside its place, and then renamed.

Rule: nobody ever reads half of it, however many processes write and whenever they end.
"""

import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Have ``data`` at ``path``, in place of whatever was there. mode: the file's permissions. Raises OSError."""
    handle, beside = tempfile.mkstemp(path.suffix, ".new-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
