"""No target, however written, shows a byte of what is outside the root; and none makes the server ill."""

import os
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ESCAPES = [
    b"/../secret.txt", b"/..", b"/../", b"/%2e%2e/secret.txt", b"/.%2e/secret.txt", b"/%2E%2E%2Fsecret.txt",
    b"/sub/../../secret.txt", b"/sub/..%2f..%2fsecret.txt", b"/sub/%2e%2e/%2e%2e/secret.txt", b"/..%2fprivate/",
    b"/escape.txt", b"/escape/", b"/escape", b"/escape/index.html", b"/sub/../escape.txt", b"/./escape/../escape/",
    b"/index.html%00", b"/%00", b"/escape.txt%00.html", b"/..%00/secret.txt", b"/../site/index.html",
    b"/%252e%252e/secret.txt", b"/..%5csecret.txt", b"/..\\secret.txt", b"/..;/secret.txt",
    b"http://x/../secret.txt", b"//../secret.txt", b"/%c0%ae%c0%ae/secret.txt", b"/sub/deep/../../../secret.txt",
]  # fmt: skip


@pytest.mark.parametrize("target", ESCAPES)
def test_nothing_outside_the_root_is_there(client, target):
    for method in (b"GET", b"HEAD"):
        assert client.ask(target, method).status == 404


def test_the_whole_path_of_the_secret_does_not_lead_there_either(client, site):
    secret = os.fsencode(site.root.parent / "secret.txt")
    for target in (
        secret,
        b"/" + secret,
        b"/.." * 30 + secret,
        b"/%2e%2e" * 30 + secret,
        b"/sub/" + b"../" * 9 + secret,
    ):
        assert client.ask(target).status == 404


PIECES = [
    b"/", b"/", b"..", b".", b"%2e%2e", b"%2F", b"%00", b"sub", b"deep", b"escape", b"escape.txt", b"secret.txt",
    b"private", b"site", b"index.html", b"inside.txt", b"loop", b"pipe", b"dangling", b"%25", b"\\", b"~", b"%ff", b"a",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_drawn_paths_show_what_the_file_system_shows_inside_the_root(client, site, pieces):
    target = b"/" + b"".join(pieces)
    answer = client.ask(target)
    assert b"SECRET" not in answer.body
    assert answer.body == expected(os.fsencode(site.root), unquote_to_bytes(target), answer)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_any_bytes_at_all_get_an_answer(client, name):
    answer = client.ask(b"/" + quote_from_bytes(name).encode())
    assert answer.status in (200, 301, 404)
    assert b"SECRET" not in answer.body


def expected(root: bytes, path: bytes, answer) -> bytes:
    """What a walk down ``path``, one segment after another, would find, said in another way than the server's."""
    missing = b"404 Not Found\n"
    depth = 0
    for segment in path.split(b"/"):
        depth += (segment not in (b"", b".")) - 2 * (segment == b"..")
        if depth < 0:
            return missing
    # Dots are a matter of names, not of directories: ``a/../b`` is ``b`` even where there is no ``a``.
    while (reduced := reduce_once(path)) != path:
        path = reduced
    walked = root + b"/" + path.strip(b"/")
    if b"\0" in path or not os.path.exists(walked) or not inside(root, walked):
        return missing
    if os.path.isdir(walked):
        if not path.endswith(b"/"):
            assert answer.status == 301
            return b"301 Moved Permanently\n"
        walked += b"/index.html"
        path = path.rstrip(b"/")
    if path.endswith(b"/") or not os.path.isfile(walked) or not inside(root, walked):
        return missing
    with open(walked, "rb") as file:
        return file.read()


def reduce_once(path: bytes) -> bytes:
    """``path`` with one dot segment, or one empty one, fewer."""
    segments = path.split(b"/")
    last = len(segments) - 1
    for at, segment in enumerate(segments):
        if at and segment in (b"", b".") and at < last:
            return b"/".join(segments[:at] + segments[at + 1 :])
        if at and segment == b"." and at == last:
            return b"/".join([*segments[:at], b""])
        if at > 1 and segment == b"..":
            return b"/".join(segments[: at - 1] + (segments[at + 1 :] or [b""]))
    return path


def inside(root: bytes, path: bytes) -> bool:
    """Whether ``path``, all links followed, is ``root`` or below it."""
    return (os.path.realpath(path) + b"/").startswith(os.path.realpath(root) + b"/")
