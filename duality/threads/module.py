"""A module, among threads: a monitor, whose procedures run on the caller's stack.

Dual of ``events/module.py``. Lauer & Needham: a monitor | a process with its message queue.
"""

from typing import Any

from duality.compiler.inherited import reached
from duality.compiler.product import compile_procedure
from duality.compiler.read import async_methods
from duality.core.inherited import dressed
from duality.spec.marks import kind_of
from duality.threads import call, generator
from duality.threads.reply import replying


def dress(runtime: Any, cls: type) -> type:
    """The class of a monitor: ``cls`` with its procedures replaced by their erased programs."""
    ports = {}
    for name, (function, owner) in async_methods(cls).items():
        product = compile_procedure(function, owner, "threads")
        ports[name] = port(runtime, kind_of(function), runtime.bound(product))
    inherited: dict[type, dict[str, Any]] = {}
    for base, own in reached(cls).items():
        products = {name: compile_procedure(function, base, "threads") for name, function in own.items()}
        inherited[base] = {name: port(runtime, "internal", runtime.bound(one)) for name, one in products.items()}
    return dressed(cls, ports, inherited)


def port(runtime: Any, kind: str, program: Any) -> Any:
    """How a procedure of ``kind`` (entry, procedure, internal) is reached in this run."""
    if program.generates:
        return generator.making(runtime, program)
    tracer = runtime.tracer
    accepted = call.entry(runtime, program) if kind == "entry" else call.direct(runtime, program)
    if tracer:
        accepted = tracer.beginning(accepted, program.points)
    if program.points.replies:
        accepted = replying(runtime, kind, accepted)
    if runtime.crossing == "queued" and kind in ("entry", "procedure"):
        called = call.queued(runtime, accepted)
        called.at_once = accepted  # type: ignore[attr-defined]
    else:
        called = accepted
    called.is_procedure = True  # type: ignore[attr-defined]
    called.__name__, called.__qualname__ = program.__name__, program.__qualname__
    return tracer.told(called) if tracer else called
