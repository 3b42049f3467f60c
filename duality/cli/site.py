"""The small site that the demo serves: pages of every size, and a secret beside it that no client may see."""

import os
import random
from pathlib import Path

MEASURED = "/page.html"  # 8 KiB: what the rounds ask for
OLD = 3600.0  # seconds: a file changed just now is not trusted to stay as it is, and would be looked at again


def build(folder: Path) -> tuple[Path, dict[str, bytes]]:
    """Write the site below ``folder``; gives its root and, for each path a client may ask for, the file's bytes."""
    root = folder / "site"
    pages = {
        "/index.html": b"<!doctype html><title>home</title><h1>One spec, two programs</h1>\n",
        MEASURED: _text(8 * 1024),
        "/style.css": b"body { font: 16px serif }\n",
        "/empty.txt": b"",
        "/one-byte.txt": b"x",
        "/photo.bin": random.Random(1978).randbytes(200_000),
        "/large.bin": random.Random(2003).randbytes(3 * 1024 * 1024),  # too large for the cache: sent from the disk
        "/notes/index.html": b"<h1>notes</h1>\n",
        "/notes/space and \u00fc.txt": b"a name that has to be quoted\n",
        "/deep/er/and/deeper.txt": b"deep\n",
    }
    for path, data in pages.items():
        place = root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        changed = place.stat().st_mtime - OLD
        os.utime(place, (changed, changed))
    (folder / "secret.txt").write_bytes(b"SECRET")
    (root / "escape.txt").symlink_to(folder / "secret.txt")
    return root, pages


def _text(size: int) -> bytes:
    line = b"<p>the process and the monitor are duals; the message and the call are duals</p>\n"
    return (line * (size // len(line) + 1))[:size]
