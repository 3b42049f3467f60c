"""The whole of it, with less to do: what runs, what is left out, and what is said about it."""

import json
from functools import partial
from pathlib import Path

import pytest

from duality.bench import MEASURES, compiling, driver, main, scheduler, web
from duality.bench.process import BenchError
from duality.bench.result import Sample
from duality.bench.table import TITLES


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same jobs, of a size for tests."""
    monkeypatch.setattr(scheduler, "jobs", lambda steps: SMALL)


SMALL = scheduler.jobs(steps=200, some=5, few=10, many=20)


def pretended(job: scheduler.Job, number: int) -> Sample:
    """Where only what is made of samples matters."""
    return Sample(job.measure, job.contender, number, 1.0, job.unit, {}, [])


def test_a_measure_of_both_sides_and_its_file(
    small: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # a narrower page breaks long names in two
    place = tmp_path / "bench.json"
    result = main(only=["call"], rounds=2, json=place)
    order = ["plain method", "threads, procedure", "events, procedure", "threads, entry", "events, entry"]
    assert [one.contender for one in result.samples] == order + order[::-1]
    assert {one.claim.measure for one in result.findings()} == {"call"}
    told = json.loads(place.read_text())
    assert len(told["samples"]) == 10
    assert told["machine"]["python"].startswith("CPython")
    assert "threads, entry / plain method" in capsys.readouterr().out


def test_compiling_is_measured_on_both_sides_without_and_with_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def pretended_compiling(contender: str, number: int) -> Sample:
        return Sample(compiling.MEASURE, contender, number, 2.0, compiling.UNIT, {}, [])

    monkeypatch.setattr(compiling, "measure", pretended_compiling)
    result = main(only=["compile"], rounds=1)
    assert [one.contender for one in result.samples] == list(compiling.CONTENDERS)
    assert [one.verdict for one in result.findings()] == ["missed by 900%"] * 2


@pytest.mark.parametrize(
    ("arguments", "said"), [({"only": ["speed"]}, "no measure 'speed'"), ({"rounds": 0}, "rounds")]
)
def test_what_cannot_be_asked_for(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        main(**arguments)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        main(only=["web"], json=tmp_path / "missing" / "bench.json")


def test_without_wrk_the_web_is_left_out_in_one_sentence_and_the_rest_runs(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duality.bench.conduct.where", lambda name: None)
    monkeypatch.setattr(scheduler, "measure", pretended)
    result = main(only=["web", "call"], rounds=1)
    assert result.missing == [driver.NO_WRK]
    assert {one.measure for one in result.samples} == {"call"}


def test_without_gevent_and_nginx_each_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "package", lambda name: "absent")
    monkeypatch.setattr(web, "where", lambda name: None)
    found, missing = web.contenders()
    assert [one.name for one in found] == ["threads", "events", "asyncio"]
    assert [sentence.split()[0] for sentence in missing] == ["gevent", "uvloop", "nginx"]
    assert all("duality[bench]" in sentence or "package" in sentence for sentence in missing)


def test_a_peer_that_answers_wrongly_is_left_out_by_name(tmp_path: Path) -> None:
    with web.site() as root:
        liar = web.Contender("liar", web.contenders()[0][0].command)
        with pytest.raises(BenchError, match="liar is left out"):
            with web.checked(liar, root.parent, None):  # serves another folder, so the page is not there
                pass


def test_a_contender_that_fails_is_measured_no_more_and_its_reason_is_told_once(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(job: scheduler.Job, number: int) -> Sample:
        if job.contender == "events, entry" and number == 1:
            raise BenchError("events, entry failed: no luck.")
        return pretended(job, number)

    monkeypatch.setattr(scheduler, "measure", measure)
    result = main(only=["call"], rounds=3)
    assert result.missing == ["events, entry failed: no luck."]
    assert result.by_round("call", "events, entry").keys() == {0}
    assert result.by_round("call", "plain method").keys() == {0, 1, 2}


def test_a_web_sample_divides_the_servers_time_by_the_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    # wrk is stood in for; the server, its process and its clock are real.
    asked: list[int] = []

    def load(port: int, path: str, seconds: int, core: int | None) -> driver.Load:
        asked.append(seconds)
        return driver.Load(10, float(seconds))

    monkeypatch.setattr(driver, "load", load)
    monkeypatch.setattr(driver, "command", lambda *arguments: ["wrk"])
    with web.site() as root:
        sample = partial(web.measure, web.contenders()[0][1], root)(number=4, seconds=2)
    assert asked == [web.WARM, 2]
    assert (sample.measure, sample.contender, sample.round) == ("web", "events", 4)
    assert sample.value == pytest.approx(sample.raw["cpu_seconds"] / 10 * 1e6)
    assert sample.raw["answer_bytes"] > len(web.PAGE)


def test_the_names_of_the_measures() -> None:
    assert MEASURES == ("web", "yield", "scale", "memory", "call", "rest", "compile", "check", "simulated")
    assert set(TITLES) == set(MEASURES)
