"""From ``FILE[:APP]`` to an application.

Rules: the file keeps the name it was given, in every message that follows; its own folder can be imported from, as for
``python FILE``; whatever goes wrong in it is told with file and line, and never as a traceback of ours.
"""

import os
import sys
import traceback
import types
from typing import NoReturn

from attrs import frozen

from duality.cli.refusal import BadInput, reason
from duality.errors import SpecError
from duality.spec.application import Application


@frozen
class Target:
    """What was asked for: an application, and what stood behind it (``show`` takes the name of a procedure there)."""

    file: str
    app: Application
    rest: str = ""


def load(target: str, *, rest: bool = False) -> Target:
    """The application that ``FILE``, ``FILE:APP`` or, with ``rest``, ``FILE[:APP]:REST`` names.

    Without APP: the only application of the file, or the one named like the file. Raises BadInput or SpecError.
    """
    file, names = split(target)
    found = applications(load_file(file), file)
    if not names:
        return Target(file, _default(found, file))
    if names[0] in found:
        if len(names) > 1 and not rest:
            raise BadInput(f"{target}: give FILE or FILE:APP.")
        return Target(file, found[names[0]], ":".join(names[1:]))
    if rest and len(names) == 1:
        return Target(file, _default(found, file), names[0])
    raise BadInput(f"no application {names[0]!r}; there {_are(found)}.", file)


def split(target: str) -> tuple[str, list[str]]:
    """``a.py:x:y`` is the file ``a.py`` and the names ``x`` and ``y``; a file with colons in its name is found too."""
    file = target
    names: list[str] = []
    while not os.path.exists(file) and ":" in file:
        file, _, name = file.rpartition(":")
        names.insert(0, name)
    if not os.path.exists(file):  # say so of the shortest that could be meant
        head, colon, tail = target.partition(".py:")
        return (f"{head}.py", tail.split(":")) if colon else (target, [])
    return file, [name for name in names if name]


def load_file(file: str) -> types.ModuleType:
    """Execute the spec in ``file`` as a module. Raises BadInput if it is not there, is no Python or does not import."""
    source = _read(file)
    try:
        code = compile(source, file, "exec", dont_inherit=True)
    except SyntaxError as wrong:
        raise BadInput(f"this is no Python: {wrong.msg}.", wrong.filename or file, wrong.lineno, wrong.text) from None
    except (ValueError, RecursionError, MemoryError) as wrong:
        raise BadInput(f"this is no Python: {wrong}.", file) from None
    folder, package = home_of(file)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = types.ModuleType(_name_for(file))
    module.__file__ = file
    module.__package__ = package
    sys.modules[module.__name__] = module  # attrs, typing and pickle look a class up through its module
    try:
        exec(code, module.__dict__)
    except SpecError:
        raise
    except (Exception, SystemExit) as wrong:
        _refuse_import(file, wrong)
    return module


def home_of(file: str) -> tuple[str, str]:
    """The folder a file imports its neighbours from, and the package it is in (``""``: none).

    A file of a package imports from where the package lies: a neighbour called ``http`` is not Python's own.
    """
    folder = os.path.dirname(os.path.abspath(file))
    names: list[str] = []
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        names.insert(0, name)
    return folder, ".".join(names)


def _read(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except FileNotFoundError:
        raise BadInput("there is no such file.", file) from None
    except IsADirectoryError:
        raise BadInput("this is a folder; give the file of a spec.", file) from None
    except (OSError, ValueError) as wrong:
        said = reason(wrong) if isinstance(wrong, OSError) else str(wrong)
        raise BadInput(f"the file cannot be read: {said}.", file) from None


def _name_for(file: str) -> str:
    # The stem reads best in messages, but a spec called `queue.py` must not stand where others expect Python's own.
    stem = os.path.splitext(os.path.basename(file))[0]
    taken = sys.modules.get(stem)
    free = taken is None or getattr(taken, "__file__", None) == file
    return stem if free and stem not in sys.stdlib_module_names and stem != "__main__" else f"spec_{stem}"


def _refuse_import(file: str, wrong: BaseException) -> NoReturn:
    name, said = type(wrong).__name__, " ".join(str(wrong).split())
    what = f"importing the spec failed with {name}: {said}".rstrip(": ") + "."
    if isinstance(wrong, SyntaxError) and wrong.filename:  # of a file that the spec imports
        raise BadInput(f"this is no Python: {wrong.msg}.", wrong.filename, wrong.lineno, wrong.text) from None
    lines = [line for frame, line in traceback.walk_tb(wrong.__traceback__) if frame.f_code.co_filename == file]
    source = None
    if lines:
        source = dict(enumerate(_read(file).decode(errors="replace").splitlines(), 1)).get(lines[-1])
    raise BadInput(what, file, lines[-1] if lines else None, source) from None


def applications(module: types.ModuleType, file: str) -> dict[str, Application]:
    """The applications of a spec by name: its own, or, if it has none, those it imports. BadInput if there is none."""
    found = {name: value for name, value in vars(module).items() if isinstance(value, Application)}
    own = {name: app for name, app in found.items() if app.file == file}
    if not found:
        raise BadInput("there is no application in this file: mark the function that builds one @application.", file)
    return own or found


def _default(found: dict[str, Application], file: str) -> Application:
    stem = os.path.splitext(os.path.basename(file))[0]
    if len(found) == 1:
        return next(iter(found.values()))
    if stem in found:
        return found[stem]
    raise BadInput(f"there {_are(found)}; say which, as in {file}:{next(iter(found))}.", file)


def _are(found: dict[str, Application]) -> str:
    names = ", ".join(found)
    return f"is {names}" if len(found) == 1 else f"are {names}"
