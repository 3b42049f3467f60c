"""The machine's frames are taken out of a traceback, and nothing else is."""

import json
import traceback

import pytest

from duality.core import tracebacks
from duality.core.tracebacks import of_the_spec


@pytest.fixture
def machine(monkeypatch):
    """Functions in a file of the machine: ``machine(f)`` gives one that calls ``f``."""
    monkeypatch.setattr(tracebacks, "MACHINE", ("/machine/",))
    namespace = {}
    exec(compile("def through(f):\n    return lambda: f()\n", "/machine/core.py", "exec"), namespace)
    return namespace["through"]


def error_of(call):
    with pytest.raises(Exception) as caught:
        call()
    return caught.value


def names(error):
    return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


def fails():
    raise KeyError("here")


def chains():
    try:
        fails()
    except KeyError as error:
        raise ValueError("there") from error


def test_the_machines_frames_are_taken_out_from_between(machine):
    error = error_of(machine(machine(fails)))
    assert names(error) == ["error_of", "<lambda>", "<lambda>", "fails"]
    assert of_the_spec(error) is error
    assert names(error) == ["error_of", "fails"]


def test_causes_contexts_and_parts_are_told_alike(machine):
    cause = error_of(machine(fails))
    group = ExceptionGroup("several", [cause])
    group.__cause__ = error_of(machine(chains))
    group.__context__ = group  # a circle is no reason to go on for ever
    of_the_spec(group)
    assert names(cause) == ["error_of", "fails"]
    assert names(group.__cause__) == ["error_of", "chains"]


def test_what_python_itself_does_stays(machine):
    error = of_the_spec(error_of(machine(lambda: json.loads("{"))))
    assert names(error)[-1] == "raw_decode"


def test_a_fault_of_the_machine_is_told_in_full(machine):
    error = error_of(machine(lambda: 1 / 0))
    error.__traceback__ = error.__traceback__.tb_next
    while error.__traceback__.tb_next is not None and error.__traceback__.tb_next.tb_next is not None:
        error.__traceback__ = error.__traceback__.tb_next
    innermost = error.__traceback__
    innermost.tb_next = None
    of_the_spec(error)
    assert names(error) == ["<lambda>"]
