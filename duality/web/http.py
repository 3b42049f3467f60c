"""HTTP/1.1, both ways: bytes in, requests out (read by httptools, within limits of our own); a page in, bytes out.

Rules: nothing here blocks or asks what time it is (``when`` is seconds since 1970). A refusal ends the stream.
"""

import mimetypes
import os
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from posixpath import normpath
from string import hexdigits
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from attrs import define
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

MAX_HEAD = 16 * 1024  # bytes of target and headers together
MAX_BODY = 64 * 1024  # bytes of a body, which is read and ignored: no page of ours wants one
KEEP, CLOSE = b"\r\nConnection: keep-alive\r\n", b"\r\nConnection: close\r\n"
TICK = 0.1  # seconds after which a file system surely tells two changes apart by their times
Request: TypeAlias = tuple[bytes, str | None, bool]  # method, path (see ``locate``), does the connection go on


class Requests:
    """The requests of one connection. ``refused`` is 0, or the status that ends it when all before are answered."""

    def __init__(self) -> None:
        self.parser = HttpRequestParser(self)
        self.complete: list[Request] = []
        self.target = b""
        self.refused = self.unfinished = self.size = self.hosts = self.body = 0

    def feed(self, data: bytes) -> list[Request]:
        """Return the requests that ``data`` completes, in order."""
        complete = self.complete = []
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade:  # there is no other protocol here: answer as ever, and read no further
            complete[-1] = (*complete[-1][:2], False)
        except HttpParserError:
            self.refused = self.refused or 400
        self.unfinished = 0 if complete else self.unfinished + len(data)  # also of what no callback tells of
        if self.unfinished > 2 * MAX_HEAD + MAX_BODY:
            self.refused = self.refused or (413 if self.body else 431)
        return complete

    def refuse(self, status: int) -> None:
        """Stop the parser, from within one of its calls."""
        self.refused = status
        raise HttpParserError

    # What httptools calls; a target comes in as many pieces as the network made of it.

    def on_url(self, piece: bytes) -> None:
        self.target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        self.size += len(name) + len(value) + 4
        if name == b"Host" or (len(name) == 4 and name.lower() == b"host"):
            self.hosts += 1
        elif len(name) == 6 and name.lower() == b"expect":
            self.refuse(417)
        if self.size + len(self.target) > MAX_HEAD:
            self.refuse(431)

    def on_body(self, piece: bytes) -> None:
        self.body += len(piece)
        if self.body > MAX_BODY:
            self.refuse(413)

    def on_message_complete(self) -> None:
        keep = self.parser.should_keep_alive()
        if not keep or self.hosts != 1:
            version = self.parser.get_http_version()
            if version not in ("1.1", "1.0"):
                self.refuse(505)
            if self.hosts > 1 or (self.hosts == 0 and version == "1.1"):
                self.refuse(400)  # RFC 9112, 3.2
        self.complete.append((self.parser.get_method(), locate(self.target), keep))
        self.target = b""
        self.size = self.hosts = self.body = 0


@lru_cache(maxsize=512)
def locate(target: bytes) -> str | None:
    """The path of ``target`` (``/a%20b?c`` or ``http://host/a``) below the root, without dots; None if malformed."""
    path = target.partition(b"?")[0].partition(b"#")[0]
    if not path.startswith(b"/"):
        _, scheme, rest = path.partition(b"://")
        path = b"/" + rest.partition(b"/")[2] if scheme else b"%"
    if not all(len(piece) > 1 and set(piece[:2]) <= set(hexdigits.encode()) for piece in path.split(b"%")[1:]):
        return None
    path = unquote_to_bytes(path)  # once, and before we look at dots: ``%2e%2e`` is what it says
    if path.endswith((b"/", b"/.", b"/..")):
        path += b"/index.html"
    path = normpath(path.lstrip(b"/"))
    # Nothing is above the root, just as no file has a name with NUL in it.
    return "\0" if path.startswith(b"../") else os.fsdecode(path)


@define(eq=False)
class Page:
    """An answer. ``head`` says keep-alive; ``whole`` is head and body, or the head only if the body is in ``file``.

    file: an open file too large to keep, or None; whoever asked for the page closes it.   length: bytes of the body.
    stamp: the file as it was when read; None if it may not be kept.   until: when to look at the file again.
    """

    head: bytes
    whole: bytes
    length: int
    file: Any = None
    stamp: tuple[int, ...] | None = None
    until: float = 0.0

    def reply(self, method: bytes, keep: bool) -> bytes:
        """The bytes for this method, announcing the end of the connection unless ``keep``."""
        head = self.head if keep else self.head.replace(KEEP, CLOSE, 1)
        return head if method == b"HEAD" else head + self.whole[len(self.head) :]


def head(status: int, kind: str, length: int, when: float, *more: str) -> bytes:
    """Status line and headers. more: further header lines."""
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nServer: duality\r\nDate: {formatdate(when, usegmt=True)}"
    return "\r\n".join((first, f"Content-Type: {kind}", f"Content-Length: {length}", *more)).encode() + KEEP + b"\r\n"


def notice(status: int, when: float, *more: str) -> Page:
    """A page that says nothing but its status, in one line of text."""
    body = f"{status} {HTTPStatus(status).phrase}\n".encode()
    start = head(status, "text/plain; charset=utf-8", len(body), when, *more)
    return Page(start, start + body, len(body))


def content(path: str, status: os.stat_result, body: bytes | None, when: float) -> Page:
    """The page of the file that a client calls ``path``. body: what was read, or None if it is too large to keep."""
    kind, encoding = mimetypes.guess_type(path)
    if encoding is not None:
        kind = f"application/{encoding}"  # what it is, not what it was before
    elif kind is not None and kind.startswith("text/"):
        kind += "; charset=utf-8"
    length = status.st_size if body is None else len(body)
    modified = f"Last-Modified: {formatdate(status.st_mtime, usegmt=True)}"
    start = head(200, kind or "application/octet-stream", length, when, modified)
    return Page(start, start + (body or b""), length, None, stamp_of(status, when))


def stamp_of(status: os.stat_result, when: float) -> tuple[int, ...] | None:
    """How to recognise the file later; None while a second change could still bear the time of the first."""
    stamp = status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
    return stamp if when - status.st_mtime >= TICK else None
