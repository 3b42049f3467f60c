import copy
import pickle

from duality.core.contract import PENDING, Pending


def test_there_is_one_pending():
    assert list(Pending) == [PENDING]
    assert copy.deepcopy(PENDING) is PENDING
    assert pickle.loads(pickle.dumps(PENDING)) is PENDING


def test_pending_reads_as_it_is_written():
    assert repr(PENDING) == "PENDING"
