"""A module, among events: a stage, whose procedures are ports.

Dual of ``threads/module.py``. Lauer & Needham: a process with its message queue | a monitor.
"""

from typing import Any

from duality.compiler.inherited import reached
from duality.compiler.product import compile_procedure
from duality.compiler.read import async_methods
from duality.core.inherited import dressed
from duality.events import call, generator
from duality.events.reply import replying
from duality.spec.marks import kind_of


def dress(runtime: Any, cls: type) -> type:
    """The class of a stage: ``cls`` with its procedures replaced by ports over their compiled handlers."""
    ports = {}
    for name, (function, owner) in async_methods(cls).items():
        product = compile_procedure(function, owner, "events")
        ports[name] = port(runtime, kind_of(function), runtime.bound(product, runtime.provide))
    inherited: dict[type, dict[str, Any]] = {}
    within = _within(runtime)
    for base, own in reached(cls).items():
        inherited[base] = {
            name: port(runtime, "internal", runtime.bound(compile_procedure(function, base, "events"), within))
            for name, function in own.items()
        }
    return dressed(cls, ports, inherited)


def _within(runtime: Any) -> Any:
    """What an inherited procedure is bound to: it runs as a part of the one that holds the stage, and frees nothing."""

    def provide(kind: str, name: Any) -> Any:
        if (kind, name) == ("runtime", "Holding"):
            record = runtime.provide("runtime", "Record")
            return lambda task, following, alive, stage: record(task, following, alive)
        return runtime.provide(kind, name)

    return provide


def port(runtime: Any, kind: str, handlers: Any) -> Any:
    """How a procedure of ``kind`` (entry, procedure, internal) is reached in this run."""
    if handlers.generates:
        return generator.making(runtime, handlers)
    tracer = runtime.tracer
    sender = 0 if kind == "helper" else 1
    inner = tracer.ending(handlers, sender) if tracer else handlers
    accepted = call.entry(runtime, inner) if kind == "entry" else call.direct(runtime, inner)
    if tracer:
        accepted = tracer.beginning(accepted, handlers.points, sender)
    if handlers.points.replies:
        accepted = replying(runtime, kind, accepted)
    if runtime.crossing == "queued" and kind in ("entry", "procedure"):
        called = call.queued(runtime, accepted)
        called.at_once = accepted  # type: ignore[attr-defined]
    else:
        called = accepted
    called.is_procedure = True  # type: ignore[attr-defined]
    called.__name__, called.__qualname__ = handlers.__name__, handlers.__qualname__
    return tracer.told(called) if tracer else called
