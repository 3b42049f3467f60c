"""The disk, and what was read from it before: an entry module, and a condition for a page that somebody is reading.

Rules: what is outside the root, by whatever link, is not there. ``Pages`` is never held while the disk works. A page is
trusted for ``fresh`` seconds; then whoever asks first looks at the file, and reads it again only if it has changed.
"""

import os
import stat
from collections import OrderedDict
from errno import ELOOP, ENAMETOOLONG
from urllib.parse import quote

from attrs import evolve, field

from duality import Condition, disk, entry, module, now, procedure
from duality.web.http import Page, Request, content, notice, stamp_of


@module
class Files:
    """Everything below ``root``; files over ``largest`` bytes are not read but sent straight from the disk."""

    root: str
    largest: int

    @procedure
    async def prepare(self) -> None:
        """Resolve the root itself. Raises OSError if it is not a directory that can be read."""
        await disk.listdir(self.root)
        self.root = await disk.realpath(self.root)

    @procedure
    async def page(self, path: str, old: Page | None, when: float) -> Page:
        """Block until the file is in memory, and return its page; ``old`` spares the reading if nothing has changed."""
        try:
            place = os.path.join(self.root, path)
            if old is not None:
                status = await disk.stat(place)
                if stamp_of(status, when) == old.stamp:
                    return content(path, status, old.whole[len(old.head) :], when)
            place = await disk.realpath(place)
            if os.path.commonpath((self.root, place)) != self.root:
                return notice(404, when)
            status = await disk.stat(place)
            if stat.S_ISDIR(status.st_mode):  # to its own address, to which its links are relative
                return notice(301, when, f"Location: /{quote(os.fsencode(path))}/")
            if not stat.S_ISREG(status.st_mode):  # opening a pipe could block for ever
                return notice(404, when)
            if status.st_size > self.largest:
                return evolve(content(path, status, None, when), file=await disk.open(place), stamp=None)
            return content(path, status, await disk.read_file(place), when)
        except PermissionError:
            return notice(403, when)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return notice(404, when)
        except OSError as error:
            return notice(404 if error.errno in (ELOOP, ENAMETOOLONG) else 500, when)


@module
class Pages:
    """The pages used last, ``capacity`` bytes at most. epoch: seconds since 1970 when ``now()`` was 0."""

    files: Files
    capacity: int
    fresh: float
    epoch: float
    kept: OrderedDict[str | None, Page] = field(factory=OrderedDict)
    size: int = 0
    reading: set[str] = field(factory=set)
    settled: Condition = field(factory=Condition)

    @entry
    async def find(self, request: Request) -> bytes | None:
        """The answer, if the request is a usual one and its page here and fresh. All come this way; nothing blocks."""
        method, path, keep = request
        page = self.kept.get(path)
        if page is None or now() >= page.until or not keep or method != b"GET":
            return None
        self.kept.move_to_end(path)
        return page.whole

    @procedure
    async def read(self, path: str) -> Page:
        """Block until the page is in memory: read by us, or by whoever came first."""
        page = await self.claim(path)
        if page is None:
            try:
                page = await self.files.page(path, self.kept.get(path), self.epoch + now())
            finally:
                await self.settle(path, page)
        return page

    @entry
    async def claim(self, path: str) -> Page | None:
        """Block while another task reads ``path``; return its page, or None if to read it is now our part."""
        while path in self.reading:
            await self.settled.wait()
        page = self.kept.get(path)
        if page is not None and now() < page.until:
            return page
        self.reading.add(path)
        return None

    @entry
    async def settle(self, path: str, page: Page | None) -> None:
        """Reading is over: keep what may be kept, let the oldest go, wake those who wait."""
        self.reading.discard(path)
        if path in self.kept:
            self.size -= len(self.kept.pop(path).whole)
        if page is not None and page.stamp is not None:
            page.until = now() + self.fresh
            self.kept[path] = page
            self.size += len(page.whole)
            while self.size > self.capacity:
                self.size -= len(self.kept.popitem(last=False)[1].whole)
        self.settled.broadcast()
