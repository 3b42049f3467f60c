"""What an exploration says of itself."""

from duality.proof.explored import Explored
from duality.proof.outcomes import Outcomes
from duality.proof.playing import Ended


def explored(on, texts, cut=""):
    found = Explored(on, 100, cut=cut, without=10)
    for place, text in enumerate(texts):
        found.add(Ended(text, f"value {text}", "0 waits for 0" if text == "stuck" else "", (0,) * (place + 1)))
    return found


def test_runtimes_with_the_same_outcomes_prove_the_law():
    found = Outcomes("app", {on: explored(on, ["a", "b", "a"]) for on in ("threads", "events")})
    assert found.proved
    assert found
    assert [(one.text, one.times, one.word) for one in found.outcomes] == [("a", 2, (0,)), ("b", 1, (0, 0))]
    assert found.schedules == 6
    assert found.depth == 3
    assert "app: proved" in str(found)
    assert "3 schedules run of 10 without reduction" in str(found)


def test_an_outcome_of_one_runtime_alone_is_told_with_a_word():
    found = Outcomes("app", {"threads": explored("threads", ["a", "stuck"]), "events": explored("events", ["a"])})
    assert not found
    assert not found.proved
    assert "on threads and never on events: value stuck" in found.difference
    assert "Schedule.of([0, 0])" in found.difference
    assert found.deadlocks == {"0 waits for 0"}
    assert found.difference in str(found)


def test_what_was_cut_short_is_not_compared_and_not_proved():
    found = Outcomes(
        "app", {"threads": explored("threads", ["a"], "limit"), "events": explored("events", ["b"], "limit")}
    )
    assert found.difference == ""
    assert not found.proved
    assert found.cut == "limit"
    assert "explored to depth 1, not proved: the limit cut it short" in str(found)
