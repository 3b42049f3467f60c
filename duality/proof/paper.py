"""Writing a finding down as a replay file; what is in it, ``replay.py`` says.

Rule: it is written beside and renamed, so that nobody reads half of it; the same finding gives the same text.
"""

import os
import platform
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duality
from duality.proof import sheet
from duality.proof.case import Case
from duality.proof.coded import encoded
from duality.proof.sources import compiler, digest, files_of
from duality.proof.verdict import Finding
from duality.proof.watching import faults_of

FORMAT = 1
KIND = "a finding of a check"


def write(path: str | os.PathLike[str], case: Case, found: Finding) -> str:
    """Write ``found``, whole or not at all; gives the path. Raises OSError."""
    target = Path(path)
    sheet.write(target, as_data(case, found, target.parent))
    return str(target)


def as_data(case: Case, found: Finding, folder: Path) -> dict[str, Any]:
    """What the file holds. folder: the one that the spec's files are named from."""
    app, setting = case.app, found.setting
    params = {**getattr(app, "params", {}), **setting.params}
    files = files_of(app, **setting.params)
    sources = {os.path.relpath(file, folder.resolve()): digest(file) for file in files}
    settings = getattr(case.template, "_settings", None)
    core = None if settings is None else {**settings, "faults": faults_of(case.template)}
    return {
        "replays": KIND,
        "format": FORMAT,
        "application": {"name": app.name, "file": next(iter(sources)), "sources": sources},
        "versions": {"duality": duality.__version__, "compiler": compiler(), "python": platform.python_version()},
        "io": None if core is None else {name: encoded(value) for name, value in core.items()},
        "setting": {
            "params": {name: encoded(value) for name, value in params.items()},
            "crossing": setting.crossing,
            "leader": setting.leader,
            "faults": setting.faults,
            "seed": setting.seed,
            "word": list(setting.word),
        },
        "offered": [told(step.offered) for step in found.trials[0].steps] if found.trials else [],
        "finding": {"law": found.law, "said": found.said, "place": found.place, "step": found.step},
    }


def told(offered: Sequence[str]) -> str:
    """What tells these choices from all others: 8 hexadecimal digits."""
    return blake2b(" ".join(offered).encode(), digest_size=4).hexdigest()
