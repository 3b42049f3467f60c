"""The whole program of an application for one side, and its graph read off one of three texts."""

import types
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from attrs import frozen

from duality.compiler import graph_of_events, graph_of_source
from duality.compiler.inherited import reached
from duality.compiler.names import Names, names
from duality.compiler.points import points
from duality.compiler.product import Product, compile_procedure
from duality.compiler.read import async_methods, read
from duality.graph import BlockingGraph
from duality.spec.application import Application

_Function = tuple[Callable[..., Any], type | None]


@frozen(eq=False)
class Program:
    """``products``: one for each procedure, module by module; helpers last."""

    side: str
    products: list[Product]

    def find(self, name: str) -> list[Product]:
        """The products of the procedures called ``name``, qualified or not."""
        return [one for one in self.products if name in (one.name, one.qualname)]

    @property
    def text(self) -> str:
        """All texts, one after the other."""
        return "\n\n".join(one.text.rstrip() for one in self.products) + "\n"


def procedures(source: Any, **params: Any) -> Iterator[_Function]:
    """Each ``async def`` of an application, a module class, or a helper function, once, with the class it is of."""
    return (pair for pair, _ in _reached(source, lambda function, owner: names(read(function, owner)), params))


def _reached(source: Any, names_of: Callable[..., Names], params: Any) -> Iterator[tuple[_Function, Names]]:
    """The same, each with its names. ``names_of`` tells what the names of a procedure lead to."""
    if isinstance(source, types.FunctionType):
        waiting: list[_Function] = [(source, None)]
    else:
        classes: list[type] = source.classes(**params) if isinstance(source, Application) else [source]
        waiting = [pair for cls in classes for pair in _of(cls)]
    seen: set[Any] = set()
    while waiting:
        function, owner = waiting.pop(0)
        if function not in seen:
            seen.add(function)
            used = names_of(function, owner)
            yield (function, owner), used
            waiting += [pair for cls in used.modules for pair in _of(cls)]  # built while it runs
            waiting += [(helper, None) for helper in used.functions]


def _of(cls: type) -> list[_Function]:
    inherited = [(function, base) for base, own in reached(cls).items() for function in own.values()]
    return [*async_methods(cls).values(), *inherited]


def program(source: Any, on: str, **params: Any) -> Program:
    """Compile everything an application (or one module class, or one helper) consists of. Raises SpecError.

    on: ``events`` or ``threads``.   params: the application's, where it has some without default.
    """
    products: list[Product] = []

    def compiled(function: Callable[..., Any], owner: type | None) -> Names:
        products.append(compile_procedure(function, owner, on))
        return products[-1].names

    for _ in _reached(source, compiled, params):
        pass  # whatever is reached has been compiled on the way
    return Program(on, products)


_READERS = {"events": graph_of_events.of_events, "threads": graph_of_source.of_threads}


def graph_of(source: Any, text: str = "spec", **params: Any) -> BlockingGraph:
    """The static blocking graph, read off one of three texts: ``spec``, ``events`` or ``threads``."""
    parts = list(_graphs(source, text, params))
    return BlockingGraph(chain(*(part.nodes for part in parts)), chain(*(part.edges for part in parts)))


def _graphs(source: Any, text: str, params: Any) -> Iterator[BlockingGraph]:
    if text == "spec":
        for function, owner in procedures(source, **params):
            procedure = read(function, owner)
            yield graph_of_source.of_spec(procedure, points(procedure))
    else:
        for product in program(source, text, **params).products:
            yield _READERS[text](product)
