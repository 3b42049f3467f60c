"""Drawn applications are programs, of all kinds, the same in every process, and the same program three times.

More of them: ``make applications EXAMPLES=10000``.
"""

import os
import re
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings

import duality
from duality.proof import Schedule
from duality.proof.check import ALLOWED, check
from duality.proof.strategies import Spec, spec_of, specs
from duality.proof.strategies.chance import Rolled, Told
from duality.proof.trial import Trial
from tests.proof.applications import judged
from tests.proof.strategies.census import SEEN, census
from tests.proof.strategies.compare import Counted, schedules
from tests.proof.strategies.observed import observed
from tests.proof.strategies.smaller import smaller

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.py"))
NO_CHECKS = list(HealthCheck)
SAMPLE = 12  # applications in each of four parts, which parallel runs share out


@pytest.mark.parametrize("part", range(4))
def test_random_applications_are_the_same_program_three_times(part: int) -> None:
    counted = Counted()
    for number in range(part * SAMPLE, (part + 1) * SAMPLE):
        found = judged(spec_of(Rolled(f"1/{number}")), schedules(6), counted)
        assert found is None, f"python -m tests.proof.applications --seed 1 --only {number} --schedules 6\n{found}"
    assert counted.runs >= SAMPLE * 6 * 6
    assert len(counted.ends) >= 2  # values and deadlocks, at least


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_no_difference_comes_back(path: Path) -> None:
    text = path.read_text()
    params = eval(re.search(r"^# params: (.*)$", text, re.M)[1])  # type: ignore[index]
    words = re.findall(r"core=(\d+), word=\[(.*?)\]", text)
    played = [(int(core), Schedule.wrapped(map(int, filter(None, word.split(", "))))) for core, word in words]
    found = judged(Spec(text, params), [*played, *schedules(20)])
    assert found is None, str(found)


@settings(max_examples=20, database=None, derandomize=True, suppress_health_check=NO_CHECKS)
@given(specs())
def test_whatever_hypothesis_draws_is_a_spec_that_ends(spec: Spec) -> None:
    found = judged(spec, schedules(1))
    assert found is None, f"{spec}\n{found}"


@settings(max_examples=30, database=None, derandomize=True, suppress_health_check=NO_CHECKS)
@given(specs(max_modules=1, max_tasks=2, io=False))
def test_the_bounds_hold(spec: Spec) -> None:
    assert spec.text.count("@module") <= 2
    assert not re.search(r"\b(net|disk)\b", spec.text)
    body = spec.text.partition("async def main(self):")[2]
    assert len(re.findall(r"^        (?:t\d* = fork|self\.job = fork|send)\(", body, re.M)) <= 2 + body.count("\n") // 4


def test_every_construct_occurs() -> None:
    found: Counter[str] = Counter()
    for number in range(500):
        found += census(spec_of(Rolled(f"census/{number}")))
    assert {name: found[name] for name in SEEN if found[name] < 4} == {}


TELL = """
import sys
sys.path[:0] = [sys.argv[1]]
from tests.proof.strategies.test_specs import drawn
sys.stdout.write(drawn())
"""


def drawn() -> str:
    """Some texts, rolled and drawn."""
    texts = [str(spec_of(Rolled(f"same/{number}"))) for number in range(40)]

    @seed(5)
    @settings(
        max_examples=30, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=NO_CHECKS
    )  # fmt: skip
    @given(specs())
    def draw(spec: Spec) -> None:
        texts.append(str(spec))

    draw()
    return "\n".join(texts)


def test_what_is_drawn_is_the_same_in_every_process(pytestconfig: pytest.Config) -> None:
    other = {"PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    command = [sys.executable, "-O", "-c", TELL, str(pytestconfig.rootpath)]
    told = subprocess.run(command, env={**os.environ, **other}, capture_output=True, text=True, timeout=90, check=True)
    mine = drawn()
    assert len(mine) > 40_000
    assert told.stdout == mine


def test_a_check_takes_what_is_drawn() -> None:
    allowed: Counter[str] = Counter()
    for number in range(100):
        if number >= 4 and allowed["invariant"]:
            break
        spec = spec_of(Rolled(f"check/{number}"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            verdict = check(spec.app, schedules=2, allow=ALLOWED, **spec.params)
        assert verdict, f"{spec}\n{verdict}"
        allowed.update(verdict.allowed)
    assert allowed["invariant"]


def test_hypothesis_is_imported_in_this_room_only() -> None:
    home = Path(duality.__file__).parent
    users = {
        path.relative_to(home).as_posix()
        for path in home.rglob("*.py")
        if re.search(r"^\s*(?:from|import) hypothesis\b", path.read_text(encoding="utf-8"), re.M)
    }
    assert {one for one in users if not one.startswith("proof/strategies/")} <= {"proof/plugin.py"}
    assert "proof/strategies/chance.py" in users


# -- a planted fault ---------------------------------------------------------------------------------------------------


def parts(spec: Spec) -> bool:
    """Whether threads and the oracle part in the plainest of runs."""
    if "sleep(" not in spec.text:
        return False  # nothing is planted there
    oracle, threads = (observed(spec, on, Schedule.fifo(), "direct", 0) for on in ("oracle", "threads"))
    assert isinstance(oracle, Trial)
    assert isinstance(threads, Trial)
    return (oracle.steps, oracle.outcome, oracle.asked) != (threads.steps, threads.outcome, threads.asked)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sleep, among threads, that is a second too long."""
    from duality.threads.verbs import Verbs

    right = Verbs.sleep
    monkeypatch.setattr(Verbs, "sleep", lambda self, seconds: right(self, seconds + 1))


@pytest.mark.usefixtures("late")
def test_hypothesis_shrinks_a_planted_failure_to_a_short_program() -> None:
    options = settings(
        max_examples=300, database=None, derandomize=True, deadline=None, suppress_health_check=NO_CHECKS
    )  # fmt: skip
    found = find(specs(io=False), parts, settings=options)
    assert found.text.count("await sleep(") == 1
    assert len(found.text.splitlines()) <= 40, found


@pytest.mark.usefixtures("late")
def test_the_campaign_makes_it_short_too() -> None:
    number = next(number for number in range(1000) if parts(spec_of(Rolled(f"planted/{number}"))))
    chance = Rolled(f"planted/{number}")
    whole = spec_of(chance)
    small = smaller(chance.answers, parts)
    assert parts(small)
    assert len(small.text) < len(whole.text)
    assert len(small.text.splitlines()) <= 20, small


def test_the_same_answers_are_the_same_application() -> None:
    chance = Rolled("again")
    spec = spec_of(chance)
    assert spec_of(Told(chance.answers)) == spec
    assert len(spec_of(Told([])).text.splitlines()) < 40
