"""What the Python peers share: bytes of one connection in, bytes of the answers out, and no waiting in between.

The page cache has the shape of ours (the pages used last, up to so many bytes, each trusted for a second) and makes the
same bytes; being a plain object that one OS thread uses, it needs no lock and no condition.
"""

import os
import time
from collections import OrderedDict

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from duality.web.http import Page, content, locate, notice

FRESH = 1.0  # seconds, as the web server's own default
CAPACITY = 64 * 1024 * 1024  # bytes, likewise


class Pages:
    """The files below ``root``, and those used last in memory."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.kept: OrderedDict[bytes, Page] = OrderedDict()
        self.size = 0

    def page(self, target: bytes) -> Page:
        """The answer to a GET of ``target``, from memory if it is there and fresh. Blocks the OS thread if not."""
        page = self.kept.get(target)
        if page is None or time.monotonic() >= page.until:
            return self.read(target)
        self.kept.move_to_end(target)
        return page

    def read(self, target: bytes) -> Page:
        """The page from the disk, to be kept."""
        path = locate(target)
        if path is None:
            return notice(400, time.time())
        try:
            place = os.path.realpath(os.path.join(self.root, path))
            if os.path.commonpath((self.root, place)) != self.root:
                return notice(404, time.time())
            with open(place, "rb") as file:
                page = content(path, os.fstat(file.fileno()), file.read(), time.time())
        except (OSError, ValueError):
            return notice(404, time.time())
        page.until = time.monotonic() + FRESH
        self._keep(target, page)
        return page

    def _keep(self, target: bytes, page: Page) -> None:
        if target in self.kept:
            self.size -= len(self.kept.pop(target).whole)
        self.kept[target] = page
        self.size += len(page.whole)
        while self.size > CAPACITY:
            self.size -= len(self.kept.popitem(last=False)[1].whole)


class Answers:
    """One connection's requests, answered. ``over``: the connection ends once what was answered is sent."""

    def __init__(self, pages: Pages) -> None:
        self.page = pages.page
        self.parser = HttpRequestParser(self)
        self.target = b""
        self.replies: list[bytes] = []
        self.over = False

    def feed(self, data: bytes) -> bytes:
        """The answers to the requests that ``data`` completes, in order and in one piece; ``b""`` if there are none."""
        try:
            self.parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            if not self.over:
                self.replies.append(notice(400, time.time()).reply(b"GET", False))
                self.over = True
        replies = self.replies
        whole = replies[0] if len(replies) == 1 else b"".join(replies)
        replies.clear()
        return whole

    # What httptools calls.

    def on_url(self, piece: bytes) -> None:
        self.target += piece

    def on_message_complete(self) -> None:
        target, self.target = self.target, b""
        if self.over:
            return
        method = self.parser.get_method()
        keep = self.parser.should_keep_alive()
        if method == b"GET" and keep:
            self.replies.append(self.page(target).whole)
            return
        page = self.page(target) if method in (b"GET", b"HEAD") else notice(405, time.time(), "Allow: GET, HEAD")
        self.replies.append(page.reply(method, keep))
        self.over = not keep
