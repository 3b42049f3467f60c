"""Keep what was made on disk, so that the next process need not make it again.

    before   the source of a procedure, a side, and what its names mean now
    after    what the compiler made of just that, here, some other day; or nothing, and it is made

Rule: a product that is not the one that would be made now is a miscompile. The name of an entry tells the source, the
compiler, and Python; the entry tells its facts (``facts.py``), which must be those of today. Whatever else is wrong
with it (cut off, written over, somebody else's) makes it nothing. No failure to read or write is an error: it costs
time.

Entries are written beside and renamed, so that many processes may use one folder. ``DUALITY_CACHE`` names another one,
or is ``off``.
"""

import contextlib
import marshal
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

from duality.compiler import whole
from duality.compiler.facts import expressions, facts
from duality.compiler.made import Made
from duality.compiler.plain import made_of, plain
from duality.compiler.read import Procedure
from duality.compiler.source import source_of

LIMIT = 64 << 20  # bytes; a procedure takes some 10 KB, so a few thousand of them
SWEEP = 200  # entries written by one process between two looks at the size of the folder
_ENDING = ".product"
_SIZE = 32


def folder() -> Path | None:
    """Where entries are kept; None if nowhere."""
    told = os.environ.get("DUALITY_CACHE")
    if told is not None:
        return None if told in ("", "off") else Path(told)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(home, "duality") if os.path.isabs(home) else None


def find(function: Callable[..., Any], owner: type | None, side: str) -> Made | None:
    """What was made of a procedure as it is now, if it is kept. Raises SpecError if its source is not there."""
    where, name = folder(), _name(function, owner, side)
    if where is None or name is None:
        return None
    payload = _read(where / f"{name}{_ENDING}", name)
    if payload is None:
        return None
    first, known, data = marshal.loads(payload)
    if facts(function, owner, first, known) != known:
        return None
    return made_of(data)


def keep(procedure: Procedure, made: Made) -> None:
    """Keep what was made of ``procedure``, if that is possible."""
    where, name = folder(), _name(procedure.function, procedure.owner, made.side)
    if where is None or name is None:
        return
    known = facts(procedure.function, procedure.owner, procedure.first, expressions(procedure))
    if known is None:
        return
    with contextlib.suppress(OSError, ValueError):  # no room; or somebody's ``__module__`` is no string, say
        _write(where, name, marshal.dumps((procedure.first, known, plain(made))))


# -- what an entry is called -------------------------------------------------------------------------------------------


def _name(function: Callable[..., Any], owner: type | None, side: str) -> str | None:
    """The name of an entry; None where the compiler's own source cannot be read."""
    compiler = _compiler()
    if compiler is None:
        return None
    code = function.__code__
    holder = f"{owner.__module__}.{owner.__qualname__}" if owner is not None else ""
    place = (
        code.co_filename,
        code.co_firstlineno,
        code.co_name,
        function.__name__,
        function.__qualname__,
        holder,
        side,
    )
    return _digest(compiler, source_of(function).digest, repr((place, code.co_flags)).encode())[:20].hex()


@cache
def _compiler() -> bytes | None:
    """What tells this compiler, on this Python, from every other."""
    root = Path(__file__).parent.parent
    try:
        files = sorted(path for room in ("compiler", "spec", "graph") for path in (root / room).rglob("*.py"))
        texts = [path.read_bytes() for path in files]
    except OSError:
        return None
    places = any(column is not None for *_, column in compile("a", "", "eval").co_positions())
    python = (sys.version, sys.implementation.cache_tag, MAGIC_NUMBER, sys.flags.optimize, places)
    return _digest(repr(python).encode(), *texts) if texts else None


def _digest(*parts: bytes) -> bytes:
    made = blake2b(digest_size=_SIZE)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()


# -- the folder --------------------------------------------------------------------------------------------------------


def _read(path: Path, name: str) -> bytes | None:
    """What an entry holds, if it is whole, of this name, and nobody else's."""
    try:
        with path.open("rb") as file:
            ours = not hasattr(os, "getuid") or os.fstat(file.fileno()).st_uid == os.getuid()
            seal, payload = file.read(_SIZE), file.read()
    except OSError:
        return None
    return payload if ours and seal == _digest(name.encode(), payload) else None


_written = 0


def _write(where: Path, name: str, payload: bytes) -> None:
    """Put an entry into the folder, whole or not at all."""
    global _written
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _written % SWEEP == 0:
        _sweep(where)
    _written += 1
    whole.write(where / f"{name}{_ENDING}", _digest(name.encode(), payload) + payload)


def _sweep(where: Path) -> None:
    """Remove the oldest entries until a fourth of the room is free again."""
    found = sorted(_entries(where))
    size = sum(length for _, length, _ in found)
    if size <= LIMIT:
        return
    for _, length, path in found:
        with contextlib.suppress(OSError):
            os.unlink(path)
        size -= length
        if size <= LIMIT * 3 // 4:
            break


def _entries(where: Path) -> Iterator[tuple[int, int, str]]:
    """When each entry was written, its size, its path."""
    for one in os.scandir(where):
        with contextlib.suppress(OSError):  # another process may be sweeping too
            if one.name.endswith(_ENDING):
                status = one.stat()
                yield status.st_mtime_ns, status.st_size, one.path
