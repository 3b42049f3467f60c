"""In a traced run an object of the I/O core tells of what may block, and of nothing else."""

from duality.core.io.connection import Connection
from duality.core.io.disk import Disk
from duality.core.io.listener import Listener
from duality.core.io.net import Net
from duality.core.told import BLOCKING, OBJECTS, Told, bare


class Thing:
    port = 80

    def recv(self, size):
        return b"x" * size

    def __repr__(self):
        return "<thing>"


def test_what_may_block_goes_through_the_wrapper():
    told = []

    def wrap(operation):
        def telling(*args):
            told.append(operation.__name__)
            return operation(*args)

        return telling

    thing = Told(Thing(), wrap)
    assert thing.recv(3) == b"xxx"
    assert thing.port == 80
    assert told == ["recv"]
    assert repr(thing) == "<thing>"


def test_the_object_itself_can_be_had_back():
    thing = Thing()
    assert bare(Told(thing, None)) is thing
    assert bare(thing) is thing


def test_every_name_that_may_block_is_one_of_the_io_core_and_none_is_forgotten():
    taking_an_activation = {
        name
        for kind in (*OBJECTS, Net, Disk)
        for name in dir(kind)
        if not name.startswith("_")
        if "activation" in getattr(getattr(getattr(kind, name), "__code__", None), "co_varnames", ())[1:2]
    }
    assert taking_an_activation - {"withdraw"} == set(BLOCKING)
    assert {Connection, Listener} <= set(OBJECTS)
