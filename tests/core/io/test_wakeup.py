import os
import threading

import pytest

from duality.core.io.wakeup import Wakeup


def test_another_os_thread_ends_the_wait(core):
    """A thousand times, so that the ring comes before, during and after the core goes to wait."""
    core.start(core.io.sleep, 1000)
    rings, polled = threading.Semaphore(0), []

    def ring():
        for _ in range(1000):
            rings.acquire()
            core.io.wake()

    ringer = threading.Thread(target=ring)
    ringer.start()
    for _ in range(1000):
        rings.release()
        core.io.poll(True)
        polled.append(True)
    ringer.join()
    assert len(polled) == 1000
    assert not core.ready


def test_a_ring_before_the_wait_is_not_lost(core):
    core.start(core.io.sleep, 1000)
    core.io.wake()
    core.io.wake()
    core.io.poll(True)
    assert core.io.pending == 1


def test_many_rings_may_count_as_one():
    answered = []
    bell = Wakeup(lambda: answered.append(True))
    bell.ring()
    bell.ring()
    bell.on_event(1)
    bell.on_event(1)
    assert answered == [True]
    bell.close()


def test_a_closed_bell_is_silent():
    bell = Wakeup(lambda: None)
    fd = bell.fd
    bell.close()
    bell.close()
    bell.ring()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
