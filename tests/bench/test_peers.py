"""Everyone who is measured answers the same bytes, over a real socket, in a process of its own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from duality.bench import web
from duality.bench.asking import Answer, check
from duality.bench.peers.answers import Answers, Pages
from duality.bench.process import Server

CONTENDERS, MISSING = web.contenders()
NAMES = [one.name for one in CONTENDERS]
STREAM = b"".join(
    method + b" " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    for method, target in [
        (b"GET", b"/page.bin"),
        (b"HEAD", b"/page.bin"),
        (b"GET", b"/page.bin?query"),
        (b"GET", b"/missing"),
        (b"GET", b"/../../etc/passwd"),
        (b"POST", b"/page.bin"),
        (b"GET", b"/page.bin"),
    ]
)


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with web.site() as root:
        yield root


@pytest.fixture(scope="module", params=CONTENDERS, ids=NAMES)
def served(request: pytest.FixtureRequest, root: Path) -> Iterator[tuple[str, Server, Answer]]:
    with web.checked(request.param, root, None) as (server, answer):
        yield request.param.name, server, answer


@pytest.fixture(scope="module")
def ours(root: Path) -> Answer:
    with web.checked(CONTENDERS[0], root, None) as (_, answer):
        return answer


def test_the_page_is_the_same_for_everyone(served: tuple[str, Server, Answer], ours: Answer) -> None:
    name, _, answer = served
    assert answer.body == web.PAGE == ours.body
    if name in web.LIKE_OURS:
        assert answer.steady() == ours.steady()


def test_everyone_can_be_asked_again(served: tuple[str, Server, Answer], root: Path) -> None:
    _, server, answer = served
    assert check(server.port, root, web.PATH).steady() == answer.steady()
    assert server.cpu() > 0


def exchange(port: int, stream: bytes) -> bytes:
    """All that the server answers to ``stream`` and its end."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(stream)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def statuses(stream: bytes) -> list[int]:
    return [int(piece[:3]) for piece in stream.split(b"HTTP/1.1 ")[1:]]


def test_a_peer_is_a_web_server_too(served: tuple[str, Server, Answer]) -> None:
    name, server, _ = served
    if name not in web.LIKE_OURS:
        return  # the notices of a server that is not ours are its own affair
    answer = exchange(server.port, STREAM)
    assert statuses(answer) == [200, 200, 200, 404, 404, 405, 200]
    assert answer.count(web.PAGE) == 3
    assert statuses(exchange(server.port, b"nonsense\r\n\r\n")) == [400]
    closing = exchange(server.port, b"GET /page.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"\r\nConnection: close\r\n" in closing
    assert closing.endswith(web.PAGE)


def test_ours_are_both_measured() -> None:
    assert NAMES[:2] == ["threads", "events"]
    assert len(NAMES) + len(MISSING) == len(web.LIKE_OURS) + 1


# ---- the peers' page cache, without a socket


def get(answers: Answers, target: bytes) -> bytes:
    return answers.feed(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")


def test_a_request_in_two_pieces_is_answered_once_it_is_whole(root: Path) -> None:
    answers = Answers(Pages(str(root)))
    assert answers.feed(b"GET /pa") == b""
    assert answers.feed(b"ge.bin HTTP/1.1\r\nHost: x\r\n\r\n").endswith(web.PAGE)


def test_a_changed_file_is_seen_once_the_page_is_no_longer_fresh(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    pages = Pages(str(tmp_path))
    answers = Answers(pages)
    assert get(answers, b"/a").endswith(b"old")
    (tmp_path / "a").write_bytes(b"new")
    assert get(answers, b"/a").endswith(b"old")
    pages.kept[b"/a"].until = 0.0
    assert get(answers, b"/a").endswith(b"new")


def test_the_cache_lets_the_page_go_that_was_used_longest_ago(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duality.bench.peers.answers.CAPACITY", 2500)
    for name in "abc":
        (tmp_path / name).write_bytes(bytes(900))
    pages = Pages(str(tmp_path))
    answers = Answers(pages)
    for target in (b"/a", b"/b", b"/a", b"/c"):
        get(answers, target)
    assert list(pages.kept) == [b"/a", b"/c"]
    assert pages.size == sum(len(page.whole) for page in pages.kept.values())


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"SECRET")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "link").symlink_to("../secret")
    assert get(Answers(Pages(str(tmp_path / "site"))), b"/link").startswith(b"HTTP/1.1 404")
