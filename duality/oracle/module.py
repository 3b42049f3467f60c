"""A module, for the oracle: its procedures are the spec's own coroutine functions.

Beside ``events/module.py`` and ``threads/module.py``.
"""

import inspect
from typing import Any

from duality.compiler.inherited import reached
from duality.compiler.read import async_methods
from duality.core.inherited import dressed
from duality.oracle import call, generator
from duality.oracle.reply import replying
from duality.spec.marks import kind_of


def dress(runtime: Any, cls: type) -> type:
    """``cls`` with its entries guarded; nothing is compiled."""
    ports = {}
    for name, (function, owner) in async_methods(cls).items():
        ports[name] = port(runtime, kind_of(function), runtime.bound(function, owner))
    inherited: dict[type, dict[str, Any]] = {}
    for base, own in reached(cls).items():
        bound = {name: runtime.bound(function, base) for name, function in own.items()}
        inherited[base] = {name: port(runtime, "internal", function) for name, function in bound.items()}
    return dressed(cls, ports, inherited)


def port(runtime: Any, kind: str, function: Any) -> Any:
    """How a procedure of ``kind`` (entry, procedure, internal) is reached in this run."""
    if inspect.isasyncgenfunction(function):
        return generator.making(runtime, function)
    tracer = runtime.tracer
    accepted = call.entry(runtime, function) if kind == "entry" else call.direct(runtime, function)
    if tracer:
        accepted = tracer.beginning(accepted, runtime.points_of(function))
    if runtime.points_of(function).replies:
        accepted = replying(runtime, kind, accepted)
    if runtime.crossing == "queued" and kind in ("entry", "procedure"):
        called = call.queued(runtime, accepted)
        called.at_once = accepted  # type: ignore[attr-defined]
    else:
        called = accepted
    called.is_procedure = True  # type: ignore[attr-defined]
    called.__name__, called.__qualname__ = function.__name__, function.__qualname__
    return tracer.told(called, 2 if kind == "helper" else 1) if tracer else called
