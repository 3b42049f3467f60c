"""``@application``: a function that builds and wires fresh modules; its parameters are the program's options."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from duality.errors import SpecError
from duality.spec.module import build, is_module, modules_below

if TYPE_CHECKING:
    from duality.graph import BlockingGraph


RUNS_OWN = ("on", "io", "schedule", "policy", "crossing", "trace")
"""The options of ``run`` itself: a parameter that bears one of these names is given by ``app.given(...)``."""


class Application:
    """What ``@application`` makes of the function. ``name``, ``file``, ``line`` and ``doc`` are the function's own."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name: str = function.__name__
        self.file: str = function.__code__.co_filename
        self.line: int = function.__code__.co_firstlineno
        self.doc: str = inspect.getdoc(function) or ""
        self._fitting: set[frozenset[str]] = set()  # names that the function can be called with, as has been seen
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Build and wire the modules; gives the root. No task runs."""
        return self.function(*args, **named)

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The parameters by name, in order; on the command line each is an option."""
        return dict(inspect.signature(self.function).parameters)

    def build(self, **params: Any) -> Any:
        """Fresh modules for one run; gives the root module.

        Raises SpecError if a parameter is unknown or missing, or if the root is no module with a ``main``.
        """
        names = frozenset(params)
        if names not in self._fitting:
            self._fits(params)
            self._fitting.add(names)
        root = build(lambda: self.function(**params))
        if not is_module(root) or isinstance(root, type) or not _has_main(root):
            raise SpecError(
                f"application {self.name} must return a module that has a procedure `main`; it returned {_what(root)}.",
                self.file,
                self.line,
                advice="Give the root module `@procedure async def main(self)`: it is the first task.",
            )
        return root

    def _fits(self, params: dict[str, Any]) -> None:
        """Raise SpecError if the function cannot be called with ``params``."""
        try:
            inspect.signature(self.function).bind(**params)
        except TypeError as wrong:
            known = ", ".join(self.parameters) or "none"
            ours = [name for name in self.parameters if name in RUNS_OWN]
            if ours:
                known += f". {ours[0]} is also an option of run: give it before, as in run(app.given({ours[0]}=...))"
            raise SpecError(
                f"application {self.name}: {wrong}.", self.file, self.line, advice=f"Its parameters: {known}."
            ) from None

    def given(self, **params: Any) -> "Given":
        """The same application with values for some of its parameters, whatever their names.

        ``run`` has options of its own (on, io, trace ...); a parameter of that name can be given here only.
        """
        return Given(self, params)

    def classes(self, **params: Any) -> list[type]:
        """The classes of the modules that the application wires, each once, the root's first.

        Parameters without default that ``params`` does not give are a SpecError, as for ``build``.
        """
        return list(dict.fromkeys(type(instance) for _, instance in modules_below(self.build(**params))))

    def graph(self, **params: Any) -> "BlockingGraph":
        """The static blocking graph of every procedure of the application, read off the spec's own source."""
        from duality.compiler import graph_of  # the compiler stands a floor above what an application imports

        return graph_of(self, "spec", **params)

    def __repr__(self) -> str:
        return f"<application {self.name} ({self.file}:{self.line})>"


class Given(Application):
    """An application with the values of some of its parameters: ``params``."""

    def __init__(self, app: Application, params: dict[str, Any]) -> None:
        super().__init__(app.function)
        self.params = {**getattr(app, "params", {}), **params}

    def build(self, **params: Any) -> Any:
        """Fresh modules, wired with the values given before; ``params`` go first."""
        return super().build(**{**self.params, **params})


def _what(root: Any) -> str:
    """What an application has returned, in a few words: a module's repr would be all its modules'."""
    if root is None:
        return "None"
    if isinstance(root, type):
        return f"the class {root.__name__} itself"
    kind = type(root).__name__
    return f"a {kind}, which has no `main`" if is_module(root) else f"a {kind}, which is no module"


def _has_main(root: Any) -> bool:
    made = type(root)
    return any(inspect.iscoroutinefunction(vars(base).get("main")) for base in made.__mro__)


def application(function: Callable[..., Any]) -> Application:
    """Mark ``function`` as the one that builds an application; see ``Application``."""
    return Application(function)
