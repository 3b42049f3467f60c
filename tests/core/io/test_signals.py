import os
import signal
import threading

import pytest

from duality.core.io.signals import TAKEN


@pytest.mark.parametrize("number", TAKEN)
def test_a_signal_is_told_from_within_poll(core, number):
    os.kill(os.getpid(), number)
    assert core.signals == []
    core.io.poll(False)
    assert core.signals == [number]


def test_signals_are_told_in_order_and_none_twice(core):
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    core.io.poll(False)
    core.io.poll(False)
    assert core.signals == [signal.SIGTERM, signal.SIGINT]


def test_a_signal_ends_the_wait(core):
    """Many times, so that it also comes between the last bytecode and the wait in the kernel."""
    core.start(core.io.sleep, 1000)
    go = threading.Semaphore(0)

    def kill():
        for _ in range(300):
            go.acquire()
            os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=kill)
    killer.start()
    for count in range(1, 301):
        go.release()
        core.until(lambda count=count: len(core.signals) == count)
    killer.join()
    assert core.signals == [signal.SIGINT] * 300


def test_what_on_signal_raises_comes_out_of_poll_and_loses_nothing(core, monkeypatch):
    def on_signal(number):
        raise KeyboardInterrupt

    core.io._on_signal = on_signal
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    raw.sendall(b"in the same round")
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        core.io.poll(True)
    assert core.finish(reader) == b"in the same round"


def test_other_handlers_of_the_process_are_not_disturbed(core):
    heard = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: heard.append(number))
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        core.io.poll(False)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert heard == [signal.SIGUSR1]
    assert core.signals == []


def test_the_former_handlers_come_back(poller, opened):
    before = [signal.getsignal(number) for number in TAKEN]
    with opened(poller):
        assert [signal.getsignal(number) for number in TAKEN] != before
    assert [signal.getsignal(number) for number in TAKEN] == before
    assert signal.set_wakeup_fd(-1) == -1


def test_outside_the_main_os_thread_no_signal_is_taken(poller, opened):
    before = [signal.getsignal(number) for number in TAKEN]
    during, errors = [], []

    def run():
        try:
            with opened(poller) as core:
                during.extend(signal.getsignal(number) for number in TAKEN)
                core.do(core.io.sleep, 0)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert errors == []
    assert during == before
