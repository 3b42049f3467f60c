"""Pages are read once, kept while they fit, and looked at again when their time is over."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import field

from duality import application, fork, join, module, procedure, run, sleep, yield_now
from duality.web.cache import Files, Pages
from duality.web.http import Page, notice


@module
class Slow:
    """In the place of ``Files``: takes several turns over a page of ``size`` bytes, and counts."""

    size: int
    keep: bool = True
    reads: Counter[str] = field(factory=Counter)
    busy: Counter[str] = field(factory=Counter)

    @procedure
    async def page(self, path: str, old: Page | None, when: float) -> Page:
        self.reads[path] += 1
        self.busy[path] += 1
        assert self.busy[path] == 1, "two tasks read one page at once"
        for _ in range(5):
            await yield_now()
        self.busy[path] -= 1
        if path == "broken":
            raise RuntimeError(path)
        found = notice(200, when)
        return Page(found.head, path.encode() * self.size, 0, None, (1,) if self.keep else None)


@module
class Readers:
    """Tasks that all want pages at once."""

    pages: Pages
    paths: list[str]
    pause: float = 0.0

    @procedure
    async def want(self, path: str) -> bytes:
        whole = await self.pages.find((b"GET", path, True))
        if whole is None:
            page = await self.pages.read(path)
            whole = page.whole
        return whole

    @procedure
    async def main(self) -> list[Any]:
        tasks = [fork(self.want, path) for path in self.paths]
        found: list[Any] = []
        for task in tasks:
            try:
                found.append(await join(task))
            except RuntimeError as error:
                found.append(str(error))
            await sleep(self.pause)
        return found


@application
def readers(files: Any, paths: list[str], capacity: int = 1000, fresh: float = 3600.0):
    return Readers(Pages(files, capacity, fresh, 0.0), paths)


def test_a_page_that_many_want_at_once_is_read_once(side):
    files = Slow(1)
    assert run(readers, side, files=files, paths=["a", "b"] * 50).value == [b"a", b"b"] * 50
    assert files.reads == {"a": 1, "b": 1}


def test_whoever_waited_for_a_reader_that_failed_reads_in_turn(side):
    files = Slow(1)
    assert run(readers, side, files=files, paths=["broken"] * 3).value == ["broken"] * 3
    assert files.reads == {"broken": 3}


def test_what_may_not_be_kept_is_read_by_each(side):
    files = Slow(1, keep=False)
    assert run(readers, side, files=files, paths=["a"] * 4).value == [b"a"] * 4
    assert files.reads == {"a": 4}


@module
class Turns:
    """One task that wants pages one after another, and then looks at the books."""

    readers: Readers

    @procedure
    async def main(self) -> tuple[list[str], int]:
        for path in self.readers.paths:
            await self.readers.want(path)
        pages = self.readers.pages
        return list(pages.kept), pages.size


@application
def turns(files: Any, paths: str, capacity: int, fresh: float = 3600.0):
    return Turns(Readers(Pages(files, capacity, fresh, 0.0), list(paths)))


@pytest.mark.parametrize(
    ("paths", "kept", "reads"),
    [("abc", "abc", 3), ("abcd", "bcd", 4), ("abcad", "cad", 4), ("abcda", "cda", 5), ("aaabbbcc", "abc", 3)],
)
def test_the_page_used_longest_ago_goes_first(side, paths, kept, reads):
    files = Slow(100)
    assert run(turns, side, files=files, paths=paths, capacity=300).value == (list(kept), 100 * len(kept))
    assert sum(files.reads.values()) == reads


def test_a_page_larger_than_the_cache_is_not_kept(side):
    assert run(turns, side, files=Slow(100), paths="aba", capacity=99).value == ([], 0)


def test_a_page_that_is_no_longer_fresh_is_looked_at_again(side):
    files = Slow(1)
    assert run(turns, side, files=files, paths="aaa", capacity=9, fresh=0.0).value == (["a"], 1)
    assert files.reads == {"a": 3}


@module
class Looks:
    """What ``Files`` says of one path, twice: the second time with the first page in hand."""

    files: Files
    path: str

    @procedure
    async def main(self) -> tuple[Page, Page]:
        await self.files.prepare()
        first = await self.files.page(self.path, None, 1e10)
        again = await self.files.page(self.path, first, 1e10 + 60)
        return first, again


@application
def looks(root: str, path: str, largest: int = 1000):
    return Looks(Files(root, largest), path)


def test_a_file_that_has_not_changed_is_not_read_again_but_gets_a_new_date(side, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"text")
    first, again = run(looks, side, root=str(tmp_path), path="a.txt").value
    assert first.whole.endswith(b"\r\n\r\ntext")
    assert again.whole.endswith(b"\r\n\r\ntext")
    assert again.stamp == first.stamp is not None
    assert b"Date: Sat, 20 Nov 2286 17:46:40 GMT" in first.head
    assert b"Date: Sat, 20 Nov 2286 17:47:40 GMT" in again.head


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody to whom files can be forbidden; root is not."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_is_403(side):
    with TemporaryDirectory() as root:
        os.chmod(root, 0o755)
        for name, size in (("small", 1), ("large", 2000), ("open", 1)):
            Path(root, name).write_bytes(b"x" * size)
            os.chmod(Path(root, name), 0o644 if name == "open" else 0)
        Path(root, "folder").mkdir(mode=0)
        run(looks, side, root=root, path="open")  # compiled and imported while that is not forbidden, too
        with unprivileged():
            found = [run(looks, side, root=root, path=path).value[0] for path in ("open", "small", "large", "folder/x")]
        assert [page.head.split(b" ")[1] for page in found] == [b"200", b"403", b"403", b"403"]


@pytest.mark.parametrize("root", ["missing", "file"])
def test_a_root_that_is_no_directory_is_an_error_at_once(side, tmp_path, root):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=root):
        run(looks, side, root=str(tmp_path / root), path="a")


# -- over sockets: what a change on the disk does ------------------------------------------------------------------


def change(place, data: bytes, age: float = 10.0) -> None:
    """Replace a file's content, and say it was changed ``age`` seconds ago."""
    place.write_bytes(data)
    changed = place.stat().st_mtime - age
    os.utime(place, (changed, changed))


def test_with_fresh_0_every_change_is_seen_at_once(start, tmp_path):
    client, place = start(tmp_path, fresh=0.0), tmp_path / "a"
    for turn in range(30):
        # Same length, and among them changes within one tick of the clock.
        change(place, b"%02d" % turn, age=10.0 - turn if turn % 2 else 0.0)
        assert client.ask(b"/a").body == b"%02d" % turn
        assert client.ask(b"/a").body == b"%02d" % turn


def test_files_that_come_go_move_and_grow(start, tmp_path):
    client, place = start(tmp_path, fresh=0.0, cache=64 * 1000), tmp_path / "a"
    assert client.ask(b"/a").status == 404
    for size in (1, 1000, 1001, 5_000_000, 0, 7):
        change(place, b"x" * size)
        assert client.ask(b"/a").body == b"x" * size
    place.rename(tmp_path / "b")
    assert (client.ask(b"/a").status, client.ask(b"/b").status) == (404, 200)
    place.mkdir()
    assert client.ask(b"/a").status == 301
    place.rmdir()
    place.symlink_to("/etc/hostname")
    assert client.ask(b"/a").status == 404


def test_a_page_is_trusted_as_long_as_it_is_fresh(start, tmp_path):
    client, place = start(tmp_path, fresh=3600.0), tmp_path / "a"
    change(place, b"old", age=1000.0)
    assert client.ask(b"/a").body == b"old"
    change(place, b"new", age=500.0)
    assert client.ask(b"/a").body == b"old"


def test_a_file_that_changes_under_many_clients_is_never_served_in_halves(start, tmp_path):
    client, place = start(tmp_path, fresh=0.0, cache=64 * 100_000), tmp_path / "a"
    staged = tmp_path / "staged"
    change(place, b"0" * 50_000)
    seen: list[bytes] = []

    def watch() -> None:
        for _ in range(40):
            seen.append(client.ask(b"/a").body)

    watchers = [threading.Thread(target=watch) for _ in range(3)]
    for watcher in watchers:
        watcher.start()
    for turn in range(40):
        change(staged, b"%d" % (turn % 10) * 50_000, age=100.0 - turn)
        staged.replace(place)
    for watcher in watchers:
        watcher.join()
    assert len(seen) == 120
    assert all(len(body) == 50_000 and len(set(body)) == 1 for body in seen)
    assert client.ask(b"/a").body == b"9" * 50_000


def test_a_large_file_that_shrinks_on_the_way_ends_the_connection(start, tmp_path):
    size = 50_000_000
    change(tmp_path / "a", b"x" * size)
    client = start(tmp_path)
    with client.connect() as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n" * 2)
        got = connection.recv(1000)
        os.truncate(tmp_path / "a", 10)
        got += b"".join(iter(lambda: connection.recv(1 << 20), b""))
    assert f"Content-Length: {size}".encode() in got
    assert len(got) < size
    assert got.count(b"HTTP/1.1") == 1
    assert client.ask(b"/a").body == b"x" * 10
