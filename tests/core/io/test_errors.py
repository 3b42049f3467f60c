import errno
import pickle

import pytest

from duality.core.io.errors import BusyError, ClosedError, EndOfStream


@pytest.mark.parametrize("kind", [BusyError, ClosedError, EndOfStream])
def test_all_are_of_the_family_a_spec_expects(kind):
    assert issubclass(kind, OSError)


def test_the_end_of_a_stream_keeps_its_bytes_when_it_travels():
    error = EndOfStream("ended")
    error.partial = b"abc"
    assert pickle.loads(pickle.dumps(error)).partial == b"abc"


def test_errors_carry_the_systems_number(core):
    connection, _ = core.pair()
    core.start(connection.recv)
    with pytest.raises(BusyError) as caught:
        core.do(connection.recv)
    assert caught.value.errno == errno.EBUSY
    connection.close(None)
    with pytest.raises(ClosedError) as caught:
        core.do(connection.recv)
    assert caught.value.errno == errno.EBADF
