"""What the demo gathers, piece by piece: rows for the table, pictures and programs for the page.

Rules: each function does one experiment and gives its findings; nothing is printed here. A finding that must hold says
so in ``holds``; costs are only told.
"""

import platform
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import mean

import duality
from duality.cli import figures, laws
from duality.cli.client import request
from duality.cli.exchange import exchanges, hear, unlike
from duality.cli.graph import size, three_graphs
from duality.cli.load import load
from duality.cli.outcome import Outcome, Request
from duality.cli.rounds import rounds
from duality.cli.servers import Server, TracedServer
from duality.cli.site import MEASURED
from duality.cli.workers import heard, start
from duality.compiler import program
from duality.spec.application import Application
from duality.view.report import Finding, Picture, Programs
from duality.web import knot

SIDES = ("threads", "events")
EXAMPLES = Path(duality.__file__).parents[1] / "examples"
Step = Callable[[int], None]


def examples() -> list[Path]:
    """The example specs; empty in an installed copy, which has none."""
    return sorted(EXAMPLES.glob("*.py"))


def of_bytes(servers: Mapping[str, Server], pages: Mapping[str, bytes]) -> list[Finding]:
    """Ask both servers for everything: files, errors, escapes."""
    asked = exchanges(pages)
    got = {side: hear(servers[side].port, asked) for side in SIDES}
    cells = _pair({side: figures.size(one.size) for side, one in got.items()})
    good = f"{got['threads'].count} answers: the files' bytes"
    mistakes = [f"{side}: {said}" for side in SIDES for said in got[side].mistakes]
    between = unlike(got["threads"], got["events"], asked)
    return [
        Finding("what came back", cells, good if not mistakes else mistakes[0], not mistakes,
                "\n".join(mistakes), group=True),
        Finding("  alike from both", ("", ""), "equal, headers included" if not between else between[0],
                not between, "\n".join(between)),
    ]  # fmt: skip


def of_server_graphs(root: Path, pages: Mapping[str, bytes]) -> tuple[list[Finding], Picture]:
    """Ask everything again, of servers that write down every step."""
    graphs = three_graphs(knot.given(root=str(root)))
    with ExitStack() as stack:
        traced = {side: stack.enter_context(TracedServer(root, side)) for side in SIDES}
        for server in traced.values():
            hear(server.port, exchanges(pages))
        outcomes = {side: server.stop() for side, server in traced.items()}
    static, inside = laws.static_graphs(graphs), laws.within(outcomes, graphs["spec"])
    walked = outcomes["threads"].walked | outcomes["events"].walked
    findings = [
        Finding("the server's graph", _pair(static.cells), "its three texts say the same" if static.holds
                else static.said, static.holds, static.difference, group=True),
        Finding("  walked", _pair(inside.cells), "within the static graph" if inside.holds
                else "leaves the static graph", inside.holds, inside.difference),
    ]  # fmt: skip
    note = f"{size(graphs['spec'])}; {len(walked.edges)} edges walked by the requests of this demo"
    return findings, Picture("the web server", graphs["spec"], walked, note, opened=True)


def of_example(file: Path, first: bool) -> tuple[Finding, Picture]:
    """One example, on threads, on events and uncompiled, each in a process of its own and all at the same time."""
    app = load(str(file)).app
    graphs = three_graphs(app)
    workers = {side: start(Request("trace", side, str(file), app.name)) for side in laws.SIDES}
    outcomes = {side: heard(worker) for side, worker in workers.items()}
    outside = laws.asks_outside(app, graphs["spec"])
    judged = [
        laws.outputs(outcomes),
        laws.static_graphs(graphs),
        laws.walked_graphs(outcomes, outside),
        laws.within(outcomes, graphs["spec"]),
        laws.traces(outcomes, outside),
    ]
    broken = [law for law in judged if law.holds is False]
    free = [law for law in judged if law.holds is None]
    cells = _pair({side: _walk(outcomes[side]) for side in SIDES})
    walked = outcomes["threads"].walked | outcomes["events"].walked
    picture = Picture(app.name, graphs["spec"], walked, size(graphs["spec"]))
    if broken:
        said = f"{broken[0].name.strip()}: {broken[0].said}"
        return Finding(app.name, cells, said, False, broken[0].difference, group=first), picture
    said = f"output, graph, {len(outcomes['threads'].steps)} steps equal"
    if free:
        said = "output, graph equal; the clock chose"
    return Finding(app.name, cells, said, True, group=first), picture


def _walk(outcome: Outcome) -> str:
    unit = "messages" if outcome.on == "events" else "switches"
    return f"{outcome.moves} {unit}"


def of_cost(
    servers: Mapping[str, Server], pages: Mapping[str, bytes], requests: int, times: int, step: Step
) -> tuple[list[Finding], dict[str, list[float]]]:
    """Rounds of load; gives CPU microseconds per request too, by side and round. Raises Mistaken for a wrong answer."""
    cost = rounds(servers, request(MEASURED), pages[MEASURED], requests, times, step)
    us = {side: [value * 1e6 for value in values] for side, values in cost.items()}
    ratios = [events / threads for threads, events in zip(us["threads"], us["events"], strict=True)]
    middle = mean(us["events"]) / mean(us["threads"])
    ratio = f"events/threads {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    count = {side: f"{len(values) * requests:,}" for side, values in us.items()}
    figure = {side: f"{mean(values):.1f} us" for side, values in us.items()}
    peak = {side: figures.size(servers[side].peak()) for side in SIDES}
    findings = [
        Finding("load: pages of 8 KiB", _pair(count), "the file's bytes, every time", True, group=True),
        Finding("  server CPU, a page", _pair(figure), ratio),
        Finding("  server peak memory", _pair(peak), "32 connections"),
    ]
    return findings, us


def of_endings(servers: Mapping[str, Server]) -> Finding:
    """SIGTERM ends a server cleanly: exit status 0, and nothing said."""
    statuses = {side: servers[side].stop() for side in SIDES}
    said = {side: servers[side].said.decode(errors="replace") for side in SIDES}
    clean = not any(statuses.values()) and not any(said.values())
    cells = _pair({side: f"exit status {status}" for side, status in statuses.items()})
    return Finding("told to end", cells, "cleanly" if clean else "not cleanly", clean, "\n".join(said.values()))


def programs_of(app: Application, name: str, file: str, opened: Sequence[str]) -> Programs:
    """Both programs of an application, for the page. opened: the procedures to show unfolded."""
    threads = {product.qualname: product for product in program(app, "threads").products}
    pairs = [(threads[product.qualname], product) for product in program(app, "events").products]
    pairs.sort(key=lambda pair: pair[1].qualname not in opened)
    return Programs(name, file, pairs, frozenset(opened))


def facts() -> dict[str, str]:
    """What the numbers were taken on."""
    return {
        "duality": duality.__version__,
        platform.python_implementation(): platform.python_version(),
        "kernel": platform.release(),
        "machine": platform.machine(),
    }


def _pair(cells: Mapping[str, str]) -> tuple[str, str]:
    return cells.get("threads", ""), cells.get("events", "")
