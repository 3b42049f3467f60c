"""A module, for the oracle: its procedures are the spec's own coroutine functions.

Beside ``events/module.py`` and ``threads/module.py``.
"""

from typing import Any

from duality.compiler.read import async_methods
from duality.oracle import call
from duality.spec.marks import kind_of


def dress(runtime: Any, cls: type) -> type:
    """``cls`` with its entries guarded; nothing is compiled."""
    ports = {}
    for name, (function, owner) in async_methods(cls).items():
        ports[name] = port(runtime, kind_of(function), runtime.bound(function, owner))
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, "__qualname__": cls.__qualname__, **ports})


def port(runtime: Any, kind: str, function: Any) -> Any:
    """How a procedure of ``kind`` (entry, procedure, internal) is reached in this run."""
    tracer = runtime.tracer
    accepted = call.entry(runtime, function) if kind == "entry" else call.direct(runtime, function)
    if tracer:
        accepted = tracer.beginning(accepted, runtime.points_of(function))
    if runtime.crossing == "queued" and kind in ("entry", "procedure"):
        called = call.queued(runtime, accepted)
        called.at_once = accepted  # type: ignore[attr-defined]
    else:
        called = accepted
    called.is_procedure = True  # type: ignore[attr-defined]
    return tracer.told(called, 2 if kind == "helper" else 1) if tracer else called
