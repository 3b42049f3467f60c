"""What the demo asks of a server, and what has to come back: the files' bytes, and nothing from beside them."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from attrs import frozen

from duality.cli.client import Answer, Client, Mistaken, request
from duality.cli.site import MEASURED


@frozen
class Exchange:
    """One request, or several in one piece. wanted: status and body of each answer; a body of None may be anything."""

    name: str
    sent: bytes
    wanted: tuple[tuple[int, bytes | None], ...]
    methods: tuple[bytes, ...] = (b"GET",)


def exchanges(pages: Mapping[str, bytes]) -> list[Exchange]:
    """Everything that is asked, in order; all of it over connections that stay open."""
    found = [Exchange(path, request(quote(path)), ((200, body),)) for path, body in pages.items()]
    found += [Exchange(f"HEAD {path}", request(quote(path), "HEAD"), ((200, b""),), (b"HEAD",)) for path in pages]
    home, page, notes = pages["/index.html"], pages[MEASURED], pages["/notes/index.html"]
    three = request("/") + request(MEASURED) + request("/notes/")
    found += [
        Exchange("the root", request("/"), ((200, home),)),
        Exchange("a folder", request("/notes/"), ((200, notes),)),
        Exchange("a folder without its slash", request("/notes"), ((301, None),)),
        Exchange("three in one piece", three, ((200, home), (200, page), (200, notes)), (b"GET",) * 3),
        Exchange("dots that stay inside", request("/deep/../page.html"), ((200, page),)),
        Exchange("what is not there", request("/nothing.html"), ((404, None),)),
        Exchange("another method", request("/", "DELETE"), ((405, None),)),
        Exchange("an escape by dots", request("/../secret.txt"), ((404, None),)),
        Exchange("an escape by %2e", request("/%2e%2e/secret.txt"), ((404, None),)),
        Exchange("an escape by a link", request("/escape.txt"), ((404, None),)),
        Exchange("a name with NUL", request("/page.html%00.txt"), ((404, None),)),
        Exchange("a malformed target", request("/%zz"), ((400, None),)),
    ]
    return found


@frozen
class Heard:
    """The answers of one server to every exchange; mistakes: sentences about what was not as it has to be."""

    answers: list[list[Answer]]
    mistakes: list[str]

    @property
    def count(self) -> int:
        """How many answers came."""
        return sum(map(len, self.answers))

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return sum(len(one.body) for group in self.answers for one in group)


def hear(port: int, asked: Sequence[Exchange]) -> Heard:
    """Ask everything of the server at ``port``, twice over: from the disk, and then from the cache."""
    answers: list[list[Answer]] = []
    mistakes: list[str] = []
    for one in (*asked, *asked):
        try:
            with Client(port) as client:
                got = client.ask(one.sent * 2, one.methods * 2)  # twice on one connection: it stays open
        except (Mistaken, OSError, ValueError) as wrong:
            mistakes.append(f"{one.name}: {wrong}")
            answers.append([])
            continue
        answers.append(got)
        mistakes += [f"{one.name}: {said}" for said in _judged(got, one.wanted * 2)]
    return Heard(answers, mistakes)


def _judged(got: Sequence[Answer], wanted: Sequence[tuple[int, bytes | None]]) -> list[str]:
    found = []
    for answer, (status, body) in zip(got, wanted, strict=True):
        if answer.status != status:
            found.append(f"status {answer.status} instead of {status}")
        elif body is not None and answer.body != body:
            found.append(f"{len(answer.body)} bytes came back that are not those of the file ({len(body)})")
        elif b"SECRET" in answer.body:
            found.append("what lies outside of the root came back")
    return found


def unlike(one: Heard, other: Heard, asked: Sequence[Exchange]) -> list[str]:
    """Where two servers answered differently, headers included (but for the date)."""
    names = [exchange.name for exchange in (*asked, *asked)]
    pairs = zip(names, one.answers, other.answers, strict=True)
    return [f"{name}: the two servers answered differently" for name, left, right in pairs if left != right]
