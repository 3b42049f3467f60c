"""What clients get, over real sockets, on all three: statuses, heads, bodies, connections kept and closed."""

import email.utils
import http.client
import shutil
import subprocess
import time
from contextlib import ExitStack

import pytest

from duality.web.http import MAX_BODY, MAX_HEAD

HOST = b"Host: x\r\n\r\n"
GET = b"GET /page.bin HTTP/1.1\r\n" + HOST


@pytest.fixture
def contents(site):
    """Targets and what is to be found there."""
    return {
        b"/": b"<h1>home</h1>\n",
        b"/index.html": b"<h1>home</h1>\n",
        b"/page.bin": bytes(range(256)) * 32,
        b"/page.bin?query#fragment": bytes(range(256)) * 32,
        b"http://anywhere/page.bin": bytes(range(256)) * 32,
        b"/large.bin": (site.root / "large.bin").read_bytes(),
        b"/empty.txt": b"",
        b"/sub/": b"sub index",
        b"/sub/deep/../index.html": b"sub index",
        b"/sub/deep/name%20with%20space%20%26%20%c3%bc.txt": b"spaced",
        b"/sub/..dots..": b"dots",
        b"/inside.txt": b"sub index",
    }


def test_every_file_is_served_whole(client, contents):
    for target, body in contents.items():
        for _ in range(2):  # from the disk, and again from the cache
            answer = client.ask(target)
            assert (answer.status, answer.body) == (200, body), target
            assert answer.headers["content-length"] == str(len(body))


def test_head_says_what_get_says_and_sends_no_body(client, contents):
    for target in [*contents, b"/missing", b"/sub", b"/%zz"]:
        got, said = client.ask(target), client.ask(target, b"HEAD")
        assert said.body == b""
        for answer in (got, said):
            del answer.headers["date"]
        assert (said.status, said.headers) == (got.status, got.headers)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (b"/", "text/html; charset=utf-8"),
        (b"/style.css", "text/css; charset=utf-8"),
        (b"/empty.txt", "text/plain; charset=utf-8"),
        (b"/archive.tar.gz", "application/gzip"),
        (b"/page.bin", "application/octet-stream"),
        (b"/sub/..dots..", "application/octet-stream"),
        (b"/missing.css", "text/plain; charset=utf-8"),
    ],
)
def test_the_type_is_told_by_the_name(client, target, kind):
    assert client.ask(target).headers["content-type"] == kind


def test_the_dates_are_now_and_when_the_file_was_changed(client, site):
    headers = client.ask(b"/page.bin").headers
    changed = email.utils.parsedate_to_datetime(headers["last-modified"]).timestamp()
    assert changed == int((site.root / "page.bin").stat().st_mtime)
    assert abs(email.utils.parsedate_to_datetime(headers["date"]).timestamp() - time.time()) < 30


@pytest.mark.parametrize("target", [b"/missing", b"/sub/missing", b"/bare/", b"/page.bin/", b"/page.bin/x", b"/loop",
                                    b"/dangling", b"/pipe", b"/" + b"a" * 300, b"/a" * 3000, b"/%ff"])  # fmt: skip
def test_what_is_not_there_or_is_no_file_is_404(client, target):
    answer = client.ask(target)
    assert (answer.status, answer.body) == (404, b"404 Not Found\n")


def test_a_directory_without_its_slash_is_redirected(client):
    answer = client.ask(b"/sub?x")
    assert (answer.status, answer.headers["location"]) == (301, "/sub/")
    assert client.ask(b"//sub/../sub/deep").headers["location"] == "/sub/deep/"


def test_redirects_stay_on_this_host(start, site, tmp_path):
    (tmp_path / "evil.example").mkdir()
    (tmp_path / "a\r\nb").mkdir()
    client = start(tmp_path)
    assert client.ask(b"//evil.example").headers["location"] == "/evil.example/"
    assert client.ask(b"/a%0d%0ab").headers["location"] == "/a%0D%0Ab/"


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE"])
@pytest.mark.parametrize("target", [b"/page.bin", b"/missing", b"/%zz"])
def test_other_methods_are_told_which_are_allowed(client, method, target):
    answer = client.ask(target, method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


REFUSALS = [
    (b"nonsense\r\n\r\n", 400),
    (b"GET /page.bin HTTP/1.1\r\n\r\n", 400),
    (b"GET /page.bin HTTP/9.9\r\n" + HOST, 400),
    (b"GET /page.bin HTTP/2.0\r\n" + HOST, 505),
    (b"GET /%00" + b"a" * MAX_HEAD + b" HTTP/1.1\r\n" + HOST, 431),
    (GET[:-2] + b"A: " + b"a" * MAX_HEAD + b"\r\n\r\n", 431),
    (b"PUT / HTTP/1.1\r\nContent-Length: 999999\r\n" + HOST + b"a" * (MAX_BODY + 1), 413),
    (b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n" + HOST, 417),
]


@pytest.mark.parametrize(("request_", "status"), REFUSALS)
def test_a_refusal_follows_the_answers_before_it_and_closes(client, answers, request_, status):
    for before in (0, 3):
        *served, last = answers(client.exchange(GET * before + request_))
        assert [answer.status for answer in served] == [200] * before
        assert (last.status, last.headers["connection"]) == (status, "close")


@pytest.mark.parametrize("target", [b"/%zz", b"/%", b"*"])
def test_a_malformed_target_is_400_and_the_connection_goes_on(client, answers, target):
    stream = client.exchange(b"GET " + target + b" HTTP/1.1\r\n" + HOST + GET)
    assert [answer.status for answer in answers(stream)] == [400, 200]


def test_a_connection_serves_one_request_after_another(client, answers):
    with client.connect() as connection:
        for _ in range(20):
            connection.sendall(GET)
            stream = b""
            while len(stream) - stream.find(b"\r\n\r\n") < 8192 + 4:
                stream += connection.recv(65536)
            (answer,) = answers(stream)
            assert (answer.status, answer.headers["connection"]) == (200, "keep-alive")


def test_pipelined_requests_are_answered_in_order(client, answers, contents):
    targets = [*contents, b"/missing", b"/sub"] * 3
    requests = [b"GET " + target + b" HTTP/1.1\r\n" + HOST for target in targets]
    served = answers(client.exchange(b"".join(requests)))
    assert [answer.body for answer in served if answer.status == 200] == list(contents.values()) * 3
    assert [answer.status for answer in served] == ([200] * len(contents) + [404, 301]) * 3


def test_five_hundred_requests_in_one_packet(client, answers):
    assert [answer.status for answer in answers(client.exchange(GET * 500))] == [200] * 500


def test_a_request_may_come_in_any_two_pieces_or_byte_by_byte(client, answers):
    for cut in range(1, len(GET)):
        (answer,) = answers(client.exchange(GET[:cut], GET[cut:]))
        assert (answer.status, len(answer.body)) == (200, 8192)
    (answer,) = answers(client.exchange(*(bytes([byte]) for byte in GET)))
    assert (answer.status, len(answer.body)) == (200, 8192)


def test_bodies_are_skipped(client, answers):
    with_body = b"GET /empty.txt HTTP/1.1\r\nContent-Length: 5\r\n" + HOST + b"GET /"
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST + b"3\r\nabc\r\n0\r\n\r\n"
    served = answers(client.exchange(with_body + chunked + GET))
    assert [answer.status for answer in served] == [200, 405, 200]


@pytest.mark.parametrize("target", [b"/page.bin", b"/large.bin", b"/missing", b"/sub"])
@pytest.mark.parametrize(
    "how", [b"1.0\r\n", b"1.0\r\nConnection: close\r\n", b"1.1\r\nConnection: close\r\nHost: x\r\n"]
)
def test_the_server_closes_when_asked_to_and_answers_nothing_more(client, answers, target, how):
    (answer,) = answers(client.exchange(b"GET " + target + b" HTTP/" + how + b"\r\n\r\n" + GET))
    assert answer.headers["connection"] == "close"


def test_http_1_0_may_keep_the_connection(client, answers):
    asked = b"GET /page.bin HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    served = answers(client.exchange(asked * 2))
    assert [answer.headers["connection"] for answer in served] == ["keep-alive"] * 2


def test_clients_that_vanish_harm_nobody(client, site):
    large = b"GET /large.bin HTTP/1.1\r\n" + HOST
    for request in (b"", GET[:9], GET, large, large * 5, b"nonsense\r\n\r\n", GET * 200):
        client.vanish(request)
        assert client.ask(b"/large.bin").body == (site.root / "large.bin").read_bytes()


def test_clients_that_vanish_leave_nothing_open(start, site):
    client = start(site.root, cache=32 * 1024 * 1024)
    client.ask(b"/large.bin")
    before = client.descriptors()
    for request in (b"", GET[:9], GET * 200, b"GET /large.bin HTTP/1.1\r\n" + HOST, b"nonsense\r\n\r\n") * 5:
        client.vanish(request)
    # The server learns of the end of each in its own time; every request of ours gives it a turn.
    for _ in range(1000):
        client.ask(b"/page.bin")
        if client.descriptors() <= before:
            break
    assert client.descriptors() <= before


def test_who_listens_only_after_sending_it_all_still_hears_the_refusal(client, answers):
    body = b"a" * 4_000_000
    stream = client.exchange(b"PUT / HTTP/1.1\r\nContent-Length: %d\r\n" % len(body) + HOST, body)
    assert [answer.status for answer in answers(stream)] == [413]


def test_who_goes_on_sending_after_a_refusal_is_cut_off_but_gets_the_refusal(client, answers):
    with client.connect() as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 99999999999\r\n" + HOST + b"a" * (MAX_BODY + 1))
        stream = b""
        while not stream.endswith(b"\n"):
            stream += connection.recv(65536)
        (answer,) = answers(stream)
        assert answer.status == 413
        with pytest.raises(ConnectionError):
            send_for_ever(connection)


def send_for_ever(connection) -> None:
    while True:
        connection.sendall(b"a" * 65536)


def test_a_slow_client_keeps_nobody_waiting(client):
    with client.connect() as slow:
        slow.sendall(b"GET /large.bin HTTP/1.1\r\n" + HOST + GET[:-1])
        for _ in range(3):
            assert client.ask(b"/page.bin").status == 200


def test_many_connections_at_once(client, answers):
    with ExitStack() as crowd:
        connections = [crowd.enter_context(client.connect()) for _ in range(200)]
        for connection in connections:
            connection.sendall(GET.replace(b"Host", b"Connection: close\r\nHost"))
        for connection in connections:
            stream = b"".join(iter(lambda: connection.recv(65536), b""))
            assert [answer.status for answer in answers(stream)] == [200]


def test_a_server_out_of_descriptors_serves_what_it_has_and_recovers(start, site):
    client = start(site.root, descriptors=40, fresh=3600.0)
    assert client.ask(b"/page.bin").status == 200
    with ExitStack() as crowd:
        connections = [crowd.enter_context(client.connect()) for _ in range(60)]
        for connection in connections[:10]:
            connection.sendall(GET + GET.replace(b"page.bin", b"style.css"))
            stream = b""
            while stream.count(b"HTTP/1.1 ") < 2:
                stream += connection.recv(65536)
            assert stream.startswith(b"HTTP/1.1 200 OK")
            assert b"HTTP/1.1 500 Internal Server Error" in stream
    for target in (b"/page.bin", b"/style.css", b"/large.bin"):
        assert client.ask(target).status == 200


def test_calls_through_queues_give_the_same_answers(start, site, contents):
    client = start(site.root, crossing="queued")
    for target, body in contents.items():
        assert client.ask(target).body == body


def test_a_client_that_others_wrote_is_content(client, contents):
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
    for method in ("GET", "HEAD", "POST"):
        for target, body in contents.items():
            connection.request(method, target.decode(), body=b"ignored" if method == "POST" else None)
            with connection.getresponse() as response:
                assert response.status == (405 if method == "POST" else 200)
                assert response.read() == {"GET": body, "HEAD": b"", "POST": b"405 Method Not Allowed\n"}[method]
    connection.close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_is_content(client, site):
    base = f"http://127.0.0.1:{client.port}"

    def curl(*arguments: str) -> bytes:
        return subprocess.run(["curl", "-sS", *arguments], check=True, capture_output=True, timeout=60).stdout

    assert curl(f"{base}/large.bin") == (site.root / "large.bin").read_bytes()
    assert curl("--location", f"{base}/sub", f"{base}/") == b"sub index<h1>home</h1>\n"
    assert curl("--http2", "--compressed", f"{base}/style.css") == b"p {}"
    assert curl("--head", "--write-out", "%{http_code}", f"{base}/missing").endswith(b"404")
    assert curl("--path-as-is", "--write-out", "%{http_code}", f"{base}/../../secret.txt").endswith(b"404")
    upload = curl("--upload-file", str(site.root / "large.bin"), "--write-out", "%{http_code}", f"{base}/x")
    assert upload[-3:] in (b"417", b"413")  # the first if curl asks before it sends
