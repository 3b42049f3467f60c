"""A drawn application: its source, and the program that Python makes of it.

Rules on the door:
- A text is loaded once while somebody holds it, under a name made of the text itself: the same in every process.
- What was loaded is forgotten with the last who holds it: the module, its lines, and the files that attrs makes up.
"""

import hashlib
import linecache
import sys
import warnings
import weakref
from collections import deque
from collections.abc import Mapping
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

from attrs import field, frozen

from duality.spec.application import Application

KEPT = 8  # texts that stay loaded though nobody holds them: whoever shrinks comes back to one


@frozen(slots=False, repr=False)
class Spec:
    """An application as ``specs()`` draws it.

    text: its source, as one would put it in a file.   params: values for the application's parameters.
    Two are equal if text and parameters are.
    """

    text: str
    params: Mapping[str, Any] = field(factory=dict, hash=False)

    @property
    def app(self) -> Application:
        """The application, loaded when it is asked for the first time; its lines show in tracebacks and refusals.

        It can be run as long as this object is held. Raises SpecError, SyntaxError as an import of the text would.
        """
        held: Loaded | None = self.__dict__.get("_held")
        if held is None:
            held = self.__dict__["_held"] = loaded(self.text)
        return held.app

    @property
    def name(self) -> str:
        """The name of the file that the text would be in: of its content, so that places are the same everywhere."""
        return f"{_name(self.text)}.py"

    def __repr__(self) -> str:
        return f"Spec(params={dict(self.params)!r}, text='''\\\n{self.text}''')"


class _Source(ExecutionLoader):
    """What Python asks for the lines of a module that is in no file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        """The text."""
        return self.text

    def get_filename(self, fullname: str) -> str:
        """The file it would be in."""
        return f"{fullname}.py"


class Loaded:
    """A text as a module. ``app``: the application in it."""

    def __init__(self, text: str) -> None:
        name, loader = _name(text), _Source(text)
        found = spec_from_loader(name, loader)
        assert found is not None
        module = module_from_spec(found)
        weakref.finalize(self, _forget, name)
        sys.modules[name] = module  # annotations that are strings are looked up there
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            loader.exec_module(module)
        linecache.lazycache(loader.get_filename(name), vars(module))
        self.app: Application = next(one for one in vars(module).values() if isinstance(one, Application))


_all: "weakref.WeakValueDictionary[str, Loaded]" = weakref.WeakValueDictionary()
_latest: deque[Loaded] = deque(maxlen=KEPT)


def loaded(text: str) -> Loaded:
    """``text`` as a module; the same one as long as somebody holds it."""
    found = _all.get(text)
    if found is None:
        found = _all[text] = Loaded(text)
        _latest.append(found)
    return found


def _name(text: str) -> str:
    return f"drawn_{hashlib.blake2b(text.encode(), digest_size=5).hexdigest()}"


def _forget(name: str) -> None:
    sys.modules.pop(name, None)
    for file in [file for file in linecache.cache if name in file]:
        del linecache.cache[file]
