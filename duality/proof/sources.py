"""The files that a spec is made of, and what tells whether they have changed.

Rule: what belongs to duality itself is told by its version, and is not among them.
"""

import importlib.util
import os
import sys
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import duality
from duality.compiler.cache import _compiler
from duality.compiler.program import procedures
from duality.spec.application import Application

_HOME = os.path.dirname(os.path.abspath(duality.__file__)) + os.sep


def files_of(app: Application, **params: Any) -> list[str]:
    """The spec's own file first, then those that its modules and helpers come from, by absolute path."""
    found = [app.file]
    for function, owner in procedures(app, **params):
        found.append(function.__code__.co_filename)
        module = sys.modules.get(owner.__module__) if owner is not None else None
        found.append(getattr(module, "__file__", None) or app.file)
    paths = dict.fromkeys(os.path.abspath(file) for file in found)
    own = os.path.abspath(app.file)
    return [own, *sorted(path for path in paths if path != own and not path.startswith(_HOME))]


def digest(path: str) -> str | None:
    """What tells the content of a file from every other; None if it cannot be read."""
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None


def compiler() -> str:
    """What tells this compiler, on this Python, from every other; "unknown" where its source cannot be read."""
    known = _compiler()
    return "unknown" if known is None else known.hex()[:16]


def load(file: str, name: str) -> Application | None:
    """The application ``name`` of the spec in ``file``, or None. Raises what importing it raises.

    Its folder can be imported from, as for ``python FILE``.
    """
    folder = os.path.dirname(os.path.abspath(file))
    if folder not in sys.path:
        sys.path.insert(0, folder)
    found = importlib.util.spec_from_file_location(f"replayed_{Path(file).stem}", file)
    if found is None or found.loader is None:
        return None
    module: ModuleType = importlib.util.module_from_spec(found)
    sys.modules[module.__name__] = module  # attrs and typing look a class up through its module
    found.loader.exec_module(module)
    app = getattr(module, name, None)
    return app if isinstance(app, Application) else None
