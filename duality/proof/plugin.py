"""The pytest plugin: the fixture ``duality_run``, the mark ``schedules``, and how to play a failure again.

    def test_nobody_starves(duality_run):             run three times: on threads, on events, on the oracle
        assert duality_run(philosophers, meals=2) == 6

    @pytest.mark.schedules(200, seed=7)               each of them with 200 schedules
    def test_no_update_is_lost(duality_run): ...

Rules: pytest imports this file at every start, so it imports nothing that a test has not asked for. Every run is led by
the test's own runtime and followed by the two others, which must take the same steps to the same end.
"""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from duality.proof.driver import Driver

SIDES = ("threads", "events", "oracle")
DRIVER = pytest.StashKey["Driver"]()
REPLAYED = pytest.StashKey[Any]()
MARK = "schedules(n, seed=0): run the test n times on each runtime, each time with another schedule (duality_run)"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--duality-schedules N`` and ``--duality-replay PATH``."""
    group = parser.getgroup("duality", "one spec, three runtimes")
    group.addoption(
        "--duality-schedules",
        type=int,
        metavar="N",
        help="schedules for every test that uses duality_run, whatever its mark says",
    )
    group.addoption("--duality-replay", metavar="PATH", help="run the test that this file replays, with its schedule")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; read the replay file, so that a bad one is told before anything runs."""
    config.addinivalue_line("markers", MARK)
    count, path = config.getoption("duality_schedules"), config.getoption("duality_replay")
    if count is not None and count < 1:
        raise pytest.UsageError(f"--duality-schedules must be at least 1, not {count}")
    if path is not None:
        from duality.proof.retold import read

        try:
            config.stash[REPLAYED] = read(path)
        except ValueError as wrong:
            raise pytest.UsageError(str(wrong)) from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the replayed test only; refuse a mark that is badly written, or on a test without the fixture."""
    for item in items:
        mark = item.get_closest_marker("schedules")
        if mark is not None:
            asked(item)
            if "duality_run" not in getattr(item, "fixturenames", ()):
                raise pytest.UsageError(f"{item.nodeid}: the mark `schedules` is for tests that use duality_run")
    replayed = config.stash.get(REPLAYED, None)
    if replayed is not None:
        chosen = [item for item in items if item.nodeid == replayed.test]
        if not chosen:
            raise pytest.UsageError(f"{replayed.path} replays {replayed.test}, and there is no such test here")
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def asked(item: pytest.Item) -> tuple[int, int]:
    """How many schedules a test asks for, and the seed that they are drawn from. Raises UsageError."""
    mark = item.get_closest_marker("schedules")
    told = {"n": 1} if mark is None else {**dict(zip(("n", "seed"), mark.args, strict=False)), **mark.kwargs}
    count, seed = told.get("n"), told.get("seed", 0)
    extra = set(told) - {"n", "seed"} or (mark is not None and len(mark.args) > 2)
    if extra or type(count) is not int or type(seed) is not int or count < 1:
        raise pytest.UsageError(f"{item.nodeid}: write the mark as schedules(n, seed=0), with n at least 1")
    return item.config.getoption("duality_schedules") or count, seed


@pytest.fixture(params=SIDES)
def duality_run(request: pytest.FixtureRequest) -> "Driver":
    """``duality_run(app, **params)``: what a run of ``app`` returns, or its error, raised; see ``Driver``."""
    from duality.proof.driver import Driver

    count, seed = asked(request.node)
    driver = Driver(request.param, count, seed, request.config.stash.get(REPLAYED, None))
    request.node.stash[DRIVER] = driver
    return driver


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the test as often as it has schedules. It fails if it asked for some and ran nothing."""
    driver = pyfuncitem.stash.get(DRIVER, None)
    if driver is None:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    given = {name: pyfuncitem.funcargs[name] for name in names}
    for _ in driver.schedules():
        pyfuncitem.obj(**given)
    if not driver.ran and pyfuncitem.get_closest_marker("schedules") is not None:
        pytest.fail("this test asks for schedules and has run nothing: it never calls duality_run", pytrace=False)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Say, under a failure, with which schedule it was, and how to play it again."""
    report = yield
    driver = item.stash.get(DRIVER, None)
    if driver is not None and report.when == "call" and report.failed:
        from duality.proof.retold import keep

        report.sections.append(("duality", keep(driver, item.nodeid, item.config)))
    return report
