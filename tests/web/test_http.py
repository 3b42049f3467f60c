"""Requests and pages as plain Python: every way of cutting the stream gives the same requests."""

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from duality.web.http import MAX_BODY, MAX_HEAD, Requests, content, head, locate, notice, stamp_of

HOST = b"Host: x\r\n\r\n"
GET = b"GET /a HTTP/1.1\r\n" + HOST


def fed(*pieces: bytes) -> tuple[list[tuple[bytes, str | None, bool]], int]:
    """What the server makes of ``pieces``: it reads on until a request is the last one, or the stream is refused."""
    requests, answered = Requests(), []
    for piece in pieces:
        for request in requests.feed(piece):
            answered.append(request)
            if not request[2]:
                return answered, 0
        if requests.refused:
            break
    return answered, requests.refused


CASES = [
    (GET, [(b"GET", "a", True)], 0),
    (b"\r\n" + GET, [(b"GET", "a", True)], 0),
    (GET * 3, [(b"GET", "a", True)] * 3, 0),
    (b"HEAD /a?b#c HTTP/1.1\r\n" + HOST, [(b"HEAD", "a", True)], 0),
    (b"GET http://x/b/ HTTP/1.1\r\n" + HOST, [(b"GET", "b/index.html", True)], 0),
    (b"GET /a HTTP/1.0\r\n\r\n", [(b"GET", "a", False)], 0),
    (b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [(b"GET", "a", True)], 0),
    (b"GET /a HTTP/1.1\r\nConnection: close\r\n" + HOST, [(b"GET", "a", False)], 0),
    (b"GET /a HTTP/1.1\r\nHost:\r\n\r\n", [(b"GET", "a", True)], 0),
    (b"GET /a HTTP/1.1\r\n\r\n", [], 400),
    (b"GET /a HTTP/1.1\r\nHost: x\r\n" + HOST, [], 400),
    (b"GET /a HTTP/1.1\r\nHost : x\r\n\r\n", [], 400),
    (b"GET /a\0b HTTP/1.1\r\n" + HOST, [], 400),
    (b"GET  HTTP/1.1\r\n" + HOST, [], 400),
    (b"\x16\x03\x01\x02", [], 400),
    (GET + b"nonsense", [(b"GET", "a", True)], 400),
    (b"GET /a HTTP/2.0\r\n" + HOST, [], 505),
    (b"OPTIONS * HTTP/1.1\r\n" + HOST, [(b"OPTIONS", None, True)], 0),
    (b"CONNECT x:1 HTTP/1.1\r\n" + HOST + b"not http", [(b"CONNECT", None, False)], 0),
    (
        b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n" + HOST + b"abc" + GET,
        [(b"POST", "a", True), (b"GET", "a", True)],
        0,
    ),
    (
        b"GET /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST + b"2\r\nab\r\n0\r\n\r\n" + GET,
        [(b"GET", "a", True)] * 2,
        0,
    ),
    (b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n" + HOST, [], 400),
    (b"PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n" + HOST, [], 417),
]


@pytest.mark.parametrize(("stream", "complete", "refused"), CASES)
def test_requests_are_the_same_however_the_stream_is_cut(stream, complete, refused):
    assert fed(stream) == (complete, refused)
    for cut in range(1, len(stream)):
        assert fed(stream[:cut], stream[cut:]) == (complete, refused), (stream[:cut], stream[cut:])
    assert fed(*(bytes([byte]) for byte in stream)) == (complete, refused)


def test_who_asks_for_another_protocol_is_answered_in_this_one_and_not_read_further():
    asked = b"GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n" + HOST
    assert fed(asked + GET) == ([(b"GET", "a", False)], 0)


@pytest.mark.parametrize("size", [MAX_HEAD // 2, MAX_HEAD + 1, 20 * MAX_HEAD])
@pytest.mark.parametrize(
    ("start", "piece", "end"),
    [
        (b"GET /", b"a", b" HTTP/1.1\r\n" + HOST),
        (GET[:-2] + b"A: ", b"b", b"\r\n\r\n"),
        (GET[:-2], b"a: b\r\n", b"\r\n"),
    ],
    ids=["target", "header", "headers"],
)
def test_a_head_over_the_limit_is_refused_and_one_below_is_not(start, piece, end, size):
    sent = start + piece * (size // len(piece) + 1) + end
    expected = 431 if size > MAX_HEAD else 0
    for step in (len(sent), 16384, 1000):
        assert fed(*(sent[at : at + step] for at in range(0, len(sent), step)))[1] == expected


@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nA: ", b"GET / HTTP/1.1\r\n" + b"A: b\r\n"])
def test_a_head_without_end_is_refused_before_it_fills_memory(start):
    requests = Requests()
    requests.feed(start)
    sent = 0
    while not requests.refused:
        requests.feed(b"a" * 1024)
        sent += 1024
        assert sent <= 4 * (MAX_HEAD + MAX_BODY)
    assert requests.refused in (400, 431)


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_skipped():
    for size, refused in ((MAX_BODY, 0), (MAX_BODY + 1, 413)):
        stream = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n" % size + HOST + b"b" * size
        assert fed(*(stream[at : at + 16384] for at in range(0, len(stream), 16384)))[1] == refused


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/", "index.html"),
        (b"/a", "a"),
        (b"/a/", "a/index.html"),
        (b"//a///b", "a/b"),
        (b"/a/./b/../c", "a/c"),
        (b"/a/..", "index.html"),
        (b"/a%20b", "a b"),
        (b"/%c3%bc", "ü"),
        (b"/a%2Fb", "a/b"),
        (b"/...", "..."),
        (b"/..a/b..", "..a/b.."),
        (b"http://x", "index.html"),
        (b"http://x/a?http://y/b", "a"),
        (b"/..", "\0"),
        (b"/%2e%2e/a", "\0"),
        (b"/a/..%2f../b", "\0"),
        (b"/a%00b", "a\0b"),
        (b"/%2500", "%00"),
        (b"/%zz", None),
        (b"/%", None),
        (b"/%4", None),
        (b"*", None),
        (b"x:1", None),
    ],
)
def test_targets_become_paths(target, path):
    assert locate(target) == path


@given(st.lists(st.sampled_from([b"/", b".", b"..", b"%2e", b"%2F", b"a", b"%00", b"?", b"\xff", b"%25", b"~"])))
@example([b"..", b"/"] * 3)
def test_no_target_leads_above_the_root_or_keeps_a_dot(pieces):
    path = locate(b"/" + b"".join(pieces))
    assert path is not None
    if "\0" not in path:
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/"))


def test_a_head_ends_with_an_empty_line_and_says_keep_alive():
    lines = head(405, "text/plain", 3, 0.0, "Allow: GET, HEAD").split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 405 Method Not Allowed"
    assert lines[-2:] == [b"", b""]
    assert {b"Date: Thu, 01 Jan 1970 00:00:00 GMT", b"Content-Length: 3", b"Connection: keep-alive"} < set(lines)


def test_the_reply_depends_on_the_method_and_on_what_comes_after():
    page = notice(404, 0.0)
    assert page.reply(b"GET", True) == page.whole == page.head + b"404 Not Found\n"
    assert page.reply(b"HEAD", True) == page.head
    assert page.reply(b"GET", False) == page.whole.replace(b"keep-alive", b"close")
    assert b"keep-alive" not in page.reply(b"HEAD", False)


def test_a_body_that_looks_like_a_head_is_left_alone(tmp_path):
    body = b"\r\nConnection: keep-alive\r\n"
    (tmp_path / "a").write_bytes(body)
    page = content("a", (tmp_path / "a").stat(), body, 1e10)
    assert page.reply(b"GET", False).endswith(b"\r\n\r\n" + body)


def test_a_file_changed_a_moment_ago_has_no_stamp_yet(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    os.utime(tmp_path / "a", (1000.0, 1000.0))
    status = (tmp_path / "a").stat()
    assert stamp_of(status, 1000.05) is None
    assert stamp_of(status, 999.0) is None
    assert stamp_of(status, 1001.0) == (status.st_dev, status.st_ino, 1000 * 10**9, 0)
