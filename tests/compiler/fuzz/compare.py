"""Load a program, run it on the three, and say where they differ. The oracle, CPython's own coroutines, is right."""

import importlib.util
import itertools
import linecache
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from duality import run
from duality.compiler import graph_of
from duality.graph import BlockingGraph
from tests.compiler.fuzz.values import LOG, chain, forget
from tests.virtual import VirtualIO

SIDES = ("threads", "events")
for _side in ("oracle", *SIDES):
    import_module(f"duality.{_side}.runtime")  # where that fails, every run would, and alike
_numbers = itertools.count(1)


def load(text: str, folder: Path, name: str = "program") -> ModuleType:
    """Write ``text`` to a file of its own in ``folder`` and import it."""
    forget()
    path = folder / f"{name}_{next(_numbers)}.py"
    path.write_text(text)
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        found.loader.exec_module(module)
    linecache.checkcache(str(path))
    return module


def observe(app: Any, side: str, crossing: str) -> tuple[Any, Any, Any]:
    """What a run gives: its value or error, its trace as text, its graph."""
    forget()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ran = run(app, side, io=VirtualIO(), crossing=crossing, trace=True)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return ("the run raised", chain(error), list(LOG)), (), None
    return ran.value, tuple(map(str, ran.trace or ())), ran.graph


def differences(app: Any, like: str = "") -> Iterator[str]:
    """Every difference between the oracle and the compiled programs, and between the three static graphs.

    like: look for differences that begin like this one only, which is quicker.
    """
    try:
        static = {text: graph_of(app, text) for text in ("spec", "events", "threads")}
    except Exception as error:
        yield f"cannot be compiled: {type(error).__name__}: {error}"
        return
    for text in ("events", "threads"):
        difference = static["spec"].diff(static[text], left="spec", right=text)
        if difference:
            yield f"the static graphs of spec and {text} differ:\n{difference}"
    for crossing in ("direct", "queued"):
        if any(asked(like, who, crossing) for who in ("oracle", *SIDES)):
            yield from _walked(app, crossing, static["spec"], like)


def asked(like: str, who: str, crossing: str) -> bool:
    """Whether a run is one that is looked at."""
    return not any(like.startswith(one) for one in ("oracle", *SIDES)) or like.startswith(f"{who}, {crossing}")


def _walked(app: Any, crossing: str, static: BlockingGraph, like: str) -> Iterator[str]:
    value, trace, graph = observe(app, "oracle", crossing)
    for side in SIDES:
        if not asked(like, side, crossing):
            continue
        other, steps, walked = observe(app, side, crossing)
        where = f"{side}, {crossing}"
        if other != value:
            yield f"{where}: not the same outcome\n{apart(value, other)}"
        elif steps != trace:
            yield f"{where}: not the same trace\n{apart(trace, steps)}"
        elif walked != graph:
            yield f"{where}: not the same walked graph\n{graph.diff(walked, left='oracle', right=side)}"
    if graph is not None and not graph <= static:
        extra = sorted(set(graph.edges) - set(static.edges))
        yield f"oracle, {crossing}: walked edges that the static graph lacks\n" + "\n".join(map(str, extra))


def apart(right: Any, wrong: Any, path: str = "") -> str:
    """The first place where two nested values differ."""
    if isinstance(right, list | tuple) and isinstance(wrong, list | tuple):
        for place, (one, other) in enumerate(zip(right, wrong)):
            if one != other:
                return apart(one, other, f"{path}[{place}]")
        if len(right) != len(wrong):
            longer, who = (right, "oracle") if len(right) > len(wrong) else (wrong, "other")
            return f"  at {path}: only the {who} has {longer[min(len(right), len(wrong))]!r}"
    return f"  at {path}\n    oracle {right!r}\n    other  {wrong!r}"
