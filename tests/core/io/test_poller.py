import os

import pytest

from duality.core.io.poller import WANT_READ, WANT_WRITE, Epoll, Poll


class Pipe:
    """A source that reads one byte per event, and waits as told."""

    def __init__(self, wants=WANT_READ):
        self.fd, self.far = os.pipe2(os.O_NONBLOCK)
        if wants == WANT_WRITE:
            self.fd, self.far = self.far, self.fd
        self.wants = wants
        self.masks = []

    def on_event(self, mask):
        self.masks.append(mask)

    def interest(self):
        return self.wants

    def close(self, activation=None):
        os.close(self.fd)
        os.close(self.far)


@pytest.fixture(params=[Epoll, Poll])
def poller(request):
    poller = request.param()
    poller.open([])
    yield poller
    poller.close()


@pytest.fixture
def pipe(poller):
    pipe = Pipe()
    poller.add(pipe)
    return pipe


def test_a_source_is_told_of_what_can_be_read(poller, pipe):
    poller.gather(0)
    assert pipe.masks == []
    os.write(pipe.far, b"x")
    poller.gather(None)
    [mask] = pipe.masks
    assert mask & WANT_READ


def test_a_source_is_told_of_room_to_write(poller):
    pipe = Pipe(WANT_WRITE)
    poller.add(pipe)
    poller.gather(None)
    [mask] = pipe.masks
    assert mask & WANT_WRITE


def test_a_wait_has_an_end(poller, pipe):
    poller.gather(0.001)
    assert pipe.masks == []


def test_a_forgotten_source_is_told_nothing(poller, pipe):
    poller.gather(0)
    poller.forget(pipe)
    os.write(pipe.far, b"x")
    poller.gather(0)
    assert pipe.masks == []
    pipe.close()


def test_a_descriptor_number_can_be_used_again(poller):
    for _ in range(3):
        pipe = Pipe()
        poller.add(pipe)
        os.write(pipe.far, b"x")
        poller.gather(None)
        assert len(pipe.masks) == 1
        poller.forget(pipe)
        pipe.close()


def test_closing_closes_every_source(poller, pipe):
    poller.waiting = 1
    poller.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(pipe.fd)
    assert (poller.waiting, poller.sources) == (0, {})
    poller.open([])  # and it can begin again


def test_epoll_tells_of_a_change_once():
    poller, pipe = Epoll(), Pipe()
    poller.open([])
    poller.add(pipe)
    os.write(pipe.far, b"x")
    poller.gather(0)
    poller.gather(0)
    assert len(pipe.masks) == 1
    os.write(pipe.far, b"y")
    poller.gather(0)
    assert len(pipe.masks) == 2
    poller.close()


def test_epoll_is_not_confused_by_a_descriptor_that_lives_on_elsewhere():
    poller, pipe = Epoll(), Pipe()
    poller.open([])
    poller.add(pipe)
    elsewhere = os.dup(pipe.fd)  # as a forked child has it
    far = os.dup(pipe.far)
    poller.forget(pipe)
    pipe.close()
    os.write(far, b"x")
    poller.gather(0)
    assert pipe.masks == []
    os.close(elsewhere)
    os.close(far)
    poller.close()


def test_poll_does_not_ask_for_who_does_not_wait():
    poller, pipe = Poll(), Pipe()
    poller.open([])
    poller.add(pipe)
    poller.gather(0)
    pipe.wants = 0
    os.write(pipe.far, b"x")
    poller.gather(0)
    assert pipe.masks == []
    pipe.wants = WANT_READ
    poller.gather(0)
    assert len(pipe.masks) == 1
    poller.close()
