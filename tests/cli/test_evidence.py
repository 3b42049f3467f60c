"""The demo finds what is wrong: another byte, another header, a way out of the root, a server that dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from duality.cli import evidence, site
from duality.cli.client import Mistaken
from duality.cli.exchange import Heard, exchanges, hear, unlike
from duality.cli.servers import Server


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Knot and Haboob, each on a site of its own, both alike."""
    roots = {side: site.build(tmp_path_factory.mktemp(side))[0] for side in evidence.SIDES}
    with Server(roots["threads"], "threads") as threads, Server(roots["events"], "events") as events:
        yield {"threads": threads, "events": events}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What is on those sites."""
    return site.build(tmp_path_factory.mktemp("pages"))[1]


def test_a_site_is_the_same_wherever_it_is_built(tmp_path: Path) -> None:
    one, other = site.build(tmp_path / "a"), site.build(tmp_path / "b")
    assert one[1] == other[1]
    assert {path: (one[0] / path.lstrip("/")).read_bytes() for path in one[1]} == one[1]
    assert len(one[1][site.MEASURED]) == 8192


def test_both_servers_give_the_files_and_keep_the_secret(servers: dict[str, Server], pages: dict[str, bytes]) -> None:
    findings = evidence.of_bytes(servers, pages)
    assert [finding.holds for finding in findings] == [True, True], findings


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"/index.html": b"another"}, "/index.html: 66 bytes came back that are not those of the file (7)"),
        ({"/no-such-file.txt": b""}, "/no-such-file.txt: status 404 instead of 200"),
    ],
)
def test_bytes_that_are_not_the_files_are_found(
    servers: dict[str, Server], pages: dict[str, bytes], change: dict[str, bytes], mistake: str
) -> None:
    finding = evidence.of_bytes(servers, pages | change)[0]
    assert finding.holds is False
    assert f"threads: {mistake}" in finding.difference.splitlines()


def test_a_secret_that_comes_back_is_found(servers: dict[str, Server], tmp_path: Path) -> None:
    root, pages = site.build(tmp_path)
    (root / "nothing.html").write_bytes(b"SECRET")
    with Server(root, "threads") as leaking:
        asked = [one for one in exchanges(pages) if one.name == "what is not there"]
        assert hear(leaking.port, asked).mistakes == ["what is not there: status 200 instead of 404"] * 4


def test_servers_that_answer_differently_are_found(servers: dict[str, Server], pages: dict[str, bytes]) -> None:
    asked = exchanges(pages)[:2]
    heard = hear(servers["threads"].port, asked)
    assert unlike(heard, heard, asked) == []
    other = Heard([heard.answers[1], *heard.answers[1:]], [])
    assert unlike(heard, other, asked) == ["/index.html: the two servers answered differently"]


def test_load_costs_cpu_and_a_wrong_page_under_load_is_found(
    servers: dict[str, Server], pages: dict[str, bytes]
) -> None:
    told: list[int] = []
    findings, us = evidence.of_cost(servers, pages, 400, 1, told.append)
    assert sum(told) == 4 * 400
    assert {side: len(values) for side, values in us.items()} == {"threads": 2, "events": 2}
    assert all(value > 0 for values in us.values() for value in values)
    assert findings[0].cells == ("800", "800")
    with pytest.raises(Mistaken):
        evidence.of_cost(servers, pages | {site.MEASURED: b"another"}, 400, 1, told.append)


def test_an_example_is_compared_on_all_three(monkeypatch: pytest.MonkeyPatch) -> None:
    files = evidence.examples()
    assert [file.stem for file in files] == sorted(file.stem for file in files)
    finding, picture = evidence.of_example(next(file for file in files if file.stem == "bounded_buffer"), first=True)
    assert finding.holds is True
    assert finding.said == "output, graph, 67 steps equal"
    assert picture.walked <= picture.graph


def test_an_example_that_differs_is_found(tmp_path: Path, texts: dict[str, str]) -> None:
    path = tmp_path / "telltale.py"
    path.write_text(texts["telltale"].replace("{body}", "return among_threads()"))
    finding, _ = evidence.of_example(path, first=True)
    assert finding.holds is False
    assert finding.said == "output: threads and events differ"


def test_the_servers_traced_walk_stays_within_the_graph(tmp_path: Path) -> None:
    findings, picture = evidence.of_server_graphs(*site.build(tmp_path))
    assert [finding.holds for finding in findings] == [True, True], findings
    assert picture.walked <= picture.graph
    assert len(picture.walked.edges) > len(picture.graph.edges) / 2


def test_an_end_that_is_not_clean_is_found(tmp_path: Path) -> None:
    root, _ = site.build(tmp_path)
    with Server(root, "threads") as threads, Server(root, "events") as events:
        events.process.kill()
        finding = evidence.of_endings({"threads": threads, "events": events})
    assert finding.holds is False
    assert finding.cells == ("exit status 0", "exit status -9")


def test_a_server_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistaken, match="there is no such directory"):
        Server(tmp_path / "nowhere", "threads")
