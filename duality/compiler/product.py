"""The product of a compilation: one procedure's text for one side, and how to make it run."""

import inspect
import types
from collections.abc import Callable
from typing import Any

from attrs import field, fields, frozen

from duality.compiler import cache, load, senders
from duality.compiler.files import StandIn, dotted
from duality.compiler.kept import kept
from duality.compiler.made import Made
from duality.compiler.names import Names, resolved
from duality.compiler.product_of_events import events_of
from duality.compiler.product_of_threads import threads_of
from duality.compiler.read import Procedure, Standpoint, read
from duality.compiler.refuse import refuse

Lookup = Callable[[str, Any], Any]


@frozen(eq=False, kw_only=True)
class Product(Made):
    """What the compiler made of ``function``, a procedure of the class ``owner``. ``names``: what its words mean."""

    function: Callable[..., Any]
    owner: type | None
    names: Names
    _named: dict[str, types.CodeType] = field(factory=dict, init=False)  # the code of the handlers, as they are bound

    @property
    def procedure(self) -> Procedure:
        """What it was made of; read when somebody asks."""
        return read(self.function, self.owner)

    @property
    def qualname(self) -> str:
        """``Buffer.put``."""
        return self.procedure.qualname

    @property
    def name(self) -> str:
        """``put``."""
        return self.procedure.name

    @property
    def file(self) -> str:
        """The spec's file."""
        return self.procedure.file

    @property
    def first_line(self) -> int:
        """The line of its ``async def``."""
        return self.procedure.first_line

    @property
    def spec(self) -> str:
        """The spec's own text of the procedure."""
        return self.procedure.text

    def bind(self, provide: Lookup) -> types.FunctionType:
        """The procedure as a function for one runtime; gives the first handler, or the erased procedure.

        provide: called as ``provide("runtime"|"verb"|"facade"|"asked", name)``, and as ``provide("helper", function)``,
        which gives a cell: helpers may call one another. Each handler function carries its ``node``.
        """
        cells = self._cells(provide)
        made = {}
        for name in self.handlers:
            # No handler goes to the first one: its name may be a helper's (its own, if it recurs).
            cells.setdefault(name, types.CellType())
        for place, name in enumerate(self.handlers):
            if name not in self._named:
                self._named[name] = load.named(self.codes[name], self.function)
            made[name] = load.make(self._named[name], self.function, cells, place == 0)
            made[name].node = self.nodes.get(name)  # type: ignore[attr-defined]
            made[name].points = self.points  # type: ignore[attr-defined]
            if name not in self.names.helpers:
                cells[name].cell_contents = made[name]
        first = made[self.handlers[0]]
        first.generates = inspect.isasyncgenfunction(self.function)  # type: ignore[attr-defined]
        first.codes = [one.__code__ for one in made.values()]  # type: ignore[attr-defined]
        return first

    def _cells(self, provide: Lookup) -> dict[str, types.CellType]:
        """What the names of the program stand for in one run."""
        cells = load.cells_of(self.function)
        for kind, table in (("runtime", self.provided), ("verb", self.names.verbs)):
            for name, meaning in table.items():
                cells[name] = types.CellType(provide(kind, meaning))
        for name in self.names.facades:
            cells[name] = types.CellType(provide("facade", name))
        for name, function in self.names.helpers.items():
            cells[name] = provide("helper", function)
        for name, paths in self.names.files.items():
            given = {dotted(path): provide("helper", function) for path, function in paths.items()}
            cells[name] = types.CellType(StandIn(_lookup(self.function, self.owner)(name), given))
        for name, asked in self.asked.items():
            cells[name] = types.CellType(senders.uncount if asked is None else provide("asked", asked))
        return cells


_MAKERS: dict[str, Callable[[Procedure], Made]] = {"events": events_of, "threads": threads_of}


def compile_procedure(function: Callable[..., Any], owner: type | None, side: str) -> Product:
    """Compile one ``async def`` for a side, ``events`` or ``threads``. Raises SpecError for what is not handled."""
    return kept(function, side, lambda: _product(function, owner, side))


def _product(function: Callable[..., Any], owner: type | None, side: str) -> Product:
    made = cache.find(function, owner, side)
    if made is None:
        procedure = read(function, owner)
        warned = refuse(procedure)
        made = _MAKERS[side](procedure)
        if not warned:  # who is warned once is warned every time
            cache.keep(procedure, made)
    names = resolved(made.words, _lookup(function, owner))
    data = {one.name: getattr(made, one.name) for one in fields(Made)}
    return Product(function=function, owner=owner, names=names, **data)


def _lookup(function: Callable[..., Any], owner: type | None) -> Callable[[str], Any]:
    return Standpoint(function, owner, None).lookup
