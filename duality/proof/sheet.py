"""Files of JSON: written whole or not at all, and read with one sentence about what is wrong."""

import json
import os
from pathlib import Path
from typing import Any

from duality.compiler import whole


def write(path: Path, data: dict[str, Any]) -> None:
    """Write ``data``, whole or not at all. Raises OSError."""
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    whole.write(path, text.encode(), 0o644)


def read(path: str | os.PathLike[str], error: type[ValueError]) -> Any:
    """What the replay file at ``path`` holds. Raises ``error`` if it cannot be read, or is no JSON."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as wrong:
        raise error(f"{path}: cannot be read: {wrong.strerror}") from None
    except ValueError:
        raise error(f"{path}: this is no replay file: it is no JSON") from None
