"""``serve``: says where, serves, and ends cleanly; what it cannot have, it tells in one sentence."""

import errno
import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import Result

Invoke = Callable[..., Result]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("side", "name"), [("threads", "Knot"), ("events", "Haboob")])
def test_it_serves_until_it_is_told_to_end(
    start: Callable[..., "subprocess.Popen[str]"], tmp_path: Path, side: str, name: str, number: int
) -> None:
    (tmp_path / "hello.txt").write_bytes(b"hello\n")
    process = start("serve", ".", "--on", side, "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(rf"{name} \({side}\) serves \. at (http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\n", line)
    assert found is not None, line
    with urllib.request.urlopen(f"{found[1]}hello.txt", timeout=20) as answer:
        assert answer.read() == b"hello\n"
    process.send_signal(number)
    out, said = process.communicate(timeout=20)
    assert (process.returncode, out, said) == (0, "", "")


def test_a_port_in_use_is_bad_input(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("serve", ".", "--port", port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"cannot listen at port {port} of 127.0.0.1: address already in use.\n"


def test_a_missing_directory_is_bad_input(invoke: Invoke) -> None:
    result = invoke("serve", "nowhere")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "nowhere: there is no such directory.\n")


def test_a_file_is_no_directory(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = invoke("serve", "file")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "file: this is a file; give a directory.\n")


def test_a_directory_that_may_not_be_read_is_bad_input(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir(mode=0o000)
    if os.geteuid() == 0:  # who may read everything, has to be refused by other means
        refusal = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "closed")
        monkeypatch.setattr("duality.cli.serve.os.listdir", Mock(side_effect=refusal))
    result = invoke("serve", "closed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "closed: the directory cannot be read: permission denied.\n"


def test_a_host_that_is_not_ours_is_bad_input(invoke: Invoke) -> None:
    result = invoke("serve", ".", "--host", "192.0.2.1", "--port", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "cannot listen at port 0 of 192.0.2.1: cannot assign requested address.\n"


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_what_is_no_port_is_bad_input(invoke: Invoke, port: str) -> None:
    result = invoke("serve", ".", "--port", port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("duality serve: invalid value for '--port'")
    assert result.stderr.count("\n") == 1
