"""What `net` and `disk` promise a spec is what the I/O core and every side's objects offer."""

import inspect

import pytest

from duality.core.io.connection import Connection
from duality.core.io.disk import Disk
from duality.core.io.file import File
from duality.core.io.listener import Listener
from duality.core.io.net import Net
from duality.spec import io
from duality.threads import io as threads

CORE = {io.Connection: Connection, io.Listener: Listener, io.File: File, io.Net: Net, io.Disk: Disk}
THREADS = {getattr(io, name): getattr(threads, name) for name in ("Connection", "Listener", "File", "Net", "Disk")}


def methods(kind):
    return [name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")]


def parameters(function, skip):
    """Names (where they may be used) and defaults; ``skip`` leading ones are the receiver's and the activation's."""
    chosen = list(inspect.signature(function).parameters.values())[skip:]
    return [(one.name, one.default, one.kind) for one in chosen if one.kind is not inspect.Parameter.VAR_KEYWORD]


def keeps(promised, offered):
    """Whether whatever may be passed to the one may be passed to the other."""
    if len(offered) < len(promised):
        return False
    for (name, default, kind), (other, other_default, _) in zip(promised, offered, strict=False):
        if default != other_default or (name != other and kind is not inspect.Parameter.POSITIONAL_ONLY):
            return False
    return all(default is not inspect.Parameter.empty for _, default, _ in offered[len(promised) :])


@pytest.mark.parametrize("promise", CORE, ids=lambda kind: kind.__name__)
def test_the_io_core_keeps_the_promise(promise):
    for name in methods(promise):
        assert keeps(parameters(getattr(promise, name), 1), parameters(getattr(CORE[promise], name), 2)), name


@pytest.mark.parametrize("promise", THREADS, ids=lambda kind: kind.__name__)
def test_the_threads_facade_keeps_the_promise(promise):
    for name in methods(promise):
        assert keeps(parameters(getattr(promise, name), 1), parameters(getattr(THREADS[promise], name), 1)), name


@pytest.mark.parametrize(
    "promise", [io.Connection, io.Listener, io.File, io.Net, io.Disk], ids=lambda kind: kind.__name__
)
def test_every_operation_says_what_it_blocks_for(promise):
    for name in methods(promise):
        assert getattr(promise, name).__doc__
