"""A module, among events: a stage, whose procedures are ports.

Dual of ``threads/module.py``. Lauer & Needham: a process with its message queue | a monitor.
"""

from typing import Any

from duality.compiler.product import compile_procedure
from duality.compiler.read import async_methods
from duality.events import call
from duality.spec.marks import kind_of


def dress(runtime: Any, cls: type) -> type:
    """The class of a stage: ``cls`` with its procedures replaced by ports over their compiled handlers."""
    ports = {}
    for name, (function, owner) in async_methods(cls).items():
        product = compile_procedure(function, owner, "events")
        ports[name] = port(runtime, kind_of(function), runtime.bound(product))
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, "__qualname__": cls.__qualname__, **ports})


def port(runtime: Any, kind: str, handlers: Any) -> Any:
    """How a procedure of ``kind`` (entry, procedure, internal) is reached in this run."""
    tracer = runtime.tracer
    sender = 0 if kind == "helper" else 1
    inner = tracer.ending(handlers, sender) if tracer else handlers
    accepted = call.entry(runtime, inner) if kind == "entry" else call.direct(runtime, inner)
    if tracer:
        accepted = tracer.beginning(accepted, handlers.points, sender)
    if runtime.crossing == "queued" and kind in ("entry", "procedure"):
        called = call.queued(runtime, accepted)
        called.at_once = accepted  # type: ignore[attr-defined]
    else:
        called = accepted
    called.is_procedure = True  # type: ignore[attr-defined]
    return tracer.told(called) if tracer else called
