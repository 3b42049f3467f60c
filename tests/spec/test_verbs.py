"""What a spec imports asks who is running; outside a run, a sentence says so."""

import inspect

import pytest

import duality
from duality import disk, fork, join, module, net, procedure, run
from duality.core.current import claim, free
from duality.spec import io, verbs
from tests.conftest import application_of

CALLS = {
    "fork": lambda: verbs.fork(print),
    "send": lambda: verbs.send(print),
    "join": lambda: verbs.join(None),
    "sleep": lambda: verbs.sleep(1),
    "yield_now": verbs.yield_now,
    "now": verbs.now,
    "reply": lambda: verbs.reply(1),
    "scope": verbs.scope,
    "fail_after": lambda: verbs.fail_after(1),
    "move_on_after": lambda: verbs.move_on_after(1),
    "net.listen": lambda: net.listen("", 0),
    "net.connect": lambda: net.connect("", 0),
    "disk.open": lambda: disk.open(""),
    "disk.read": lambda: disk.read(None, 0, 1),
    "disk.write": lambda: disk.write(None, 0, b""),
    "disk.stat": lambda: disk.stat(""),
    "disk.listdir": lambda: disk.listdir(""),
    "disk.read_file": lambda: disk.read_file(""),
    "disk.realpath": lambda: disk.realpath(""),
}


def public(holder):
    return {name for name, value in vars(holder).items() if inspect.isfunction(value) and not name.startswith("_")}


def test_no_verb_is_forgotten_here():
    own = {name for name in public(verbs) if getattr(verbs, name).__module__ == verbs.__name__}
    methods = {f"net.{name}" for name in public(io.Net)} | {f"disk.{name}" for name in public(io.Disk)}
    assert set(CALLS) == own | methods
    assert own <= set(duality.__all__)


@pytest.mark.parametrize("name", CALLS)
def test_outside_a_run_a_verb_says_so(name):
    with pytest.raises(RuntimeError, match="no duality application is running in this OS thread"):
        CALLS[name]()


class Recording:
    """Stands for a runtime: remembers what its verbs were asked."""

    def __init__(self, path=""):
        self.path = path
        self.asked = []

    def __getattr__(self, name):
        if name == "verbs":
            return self
        inner = Recording(f"{self.path}.{name}".lstrip("."))
        inner.asked = self.asked
        return inner

    def __call__(self, *args, **named):
        self.asked.append(self.path)
        return "answer"


@pytest.mark.parametrize("name", CALLS)
def test_in_a_run_a_verb_is_the_runtimes(name):
    runtime = Recording()
    claim(runtime)
    try:
        answer = CALLS[name]()
    finally:
        free(runtime)
    assert runtime.asked == [name]
    assert answer == (None if name in ("send", "reply") else "answer")


def plainly(procedure, *args):
    """A plain function that a procedure calls: it is not compiled, and its verbs ask who is running."""
    return fork(procedure, *args), duality.now()


@module
class Using:
    async def double(self, value):
        return 2 * value

    @procedure
    async def main(self):
        task, when = plainly(self.double, 4)
        return await join(task), when <= duality.now()


def test_a_plain_function_that_a_procedure_calls_may_use_the_verbs_that_do_not_block(on):
    assert run(application_of(Using), on).value == (8, True)
