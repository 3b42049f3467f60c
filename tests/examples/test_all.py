"""What holds for every example: it explains itself, and its three readings are the same program."""

import ast
import inspect

import pytest

from duality import Application, DeadlockError, run
from duality.compiler import graph_of

from .conftest import EXAMPLES, load

APPLICATIONS = [
    application
    for file in sorted(EXAMPLES.glob("*.py"))
    for application in vars(load(file.stem)).values()
    if isinstance(application, Application)
]
# Where nobody outside decides (the network, the clock), the whole run is decided by the spec.
DECIDED = [application for application in APPLICATIONS if application.name not in ("kv_server", "parallel_calls")]


def named(application: Application) -> str:
    return application.name


def test_there_is_an_example_for_every_lesson():
    assert {application.name for application in APPLICATIONS} == {
        "bounded_buffer", "dining_philosophers", "deadlocking", "kv_server", "parallel_calls", "pipeline", "pubsub",
        "racy_account", "readers_writers", "safe_account",
    }  # fmt: skip


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.py")), ids=lambda file: file.stem)
def test_an_example_says_what_it_teaches_and_how_to_run_it(file):
    text = ast.get_docstring(ast.parse(file.read_text()))
    assert "What it teaches." in text
    assert f"examples/{file.name}" in text


@pytest.mark.parametrize("application", APPLICATIONS, ids=named)
def test_every_parameter_has_a_default_and_the_application_a_docstring(application):
    assert application.doc
    assert all(parameter.default is not inspect.Parameter.empty for parameter in application.parameters.values())


@pytest.mark.parametrize("application", APPLICATIONS, ids=named)
def test_three_readers_find_one_graph(application):
    graph = graph_of(application, "spec")
    assert graph.nodes
    for text in ("threads", "events"):
        assert graph_of(application, text) == graph, str(graph.diff(graph_of(application, text)))


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("application", DECIDED, ids=named)
def test_the_duals_and_the_oracle_take_the_same_steps(application, crossing):
    traces, graph = {}, application.graph()
    for side in ("oracle", "threads", "events"):
        try:
            done = run(application, side, crossing=crossing, trace=True)
        except DeadlockError as error:
            traces[side] = error.cycle
        else:
            traces[side] = done.trace
            assert set(done.graph.edges) <= set(graph.edges), side
    assert traces["oracle"]
    assert traces["threads"] == traces["oracle"]
    assert traces["events"] == traces["oracle"]
