"""Keep the README's two generated programs equal to what the compiler makes of the README's own spec.

    python docs/_ext/readme.py            write them
    python docs/_ext/readme.py --check    exit 1, with a diff, if they are stale
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import tempfile
from pathlib import Path

from quoting import quote

README = Path(__file__).parents[2] / "README.md"
# The name the generated programs give for where a line came from.
SPEC_NAME = "letterbox.py"
# Which procedures are shown: one that waits is enough to see what is done to it.
SHOWN = ["Box.put"]

BLOCK = r"(<!-- {name} -->\n```python\n)(.*?)(```\n<!-- /{name} -->)"


def block(text: str, name: str) -> str:
    """The code between ``<!-- name -->`` and ``<!-- /name -->``; ValueError if the README has no such block."""
    found = re.search(BLOCK.format(name=name), text, re.DOTALL)
    if found is None:
        raise ValueError(f"README.md has no block named {name!r}")
    return found[2]


def refreshed(text: str) -> str:
    """``text`` with both generated programs made anew from its spec."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SPEC_NAME
        path.write_text(block(text, "spec"))
        quoted = quote(path, SHOWN)
    for name, program in [("events", quoted.events), ("threads", quoted.threads)]:
        block(text, name)
        text = re.sub(
            BLOCK.format(name=name), lambda found, program=program: found[1] + program + found[3], text, flags=re.DOTALL
        )
    return text


def main() -> int:
    """Write or check; the exit status says whether the README was as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is stale")
    stale = README.read_text()
    fresh = refreshed(stale)
    if parser.parse_args().check:
        difference = difflib.unified_diff(stale.splitlines(True), fresh.splitlines(True), "README", "compiler")
        sys.stdout.writelines(difference)
        return int(stale != fresh)
    README.write_text(fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main())
