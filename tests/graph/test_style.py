"""The style sheet reaches nothing outside the picture and fetches nothing."""

from duality.graph.style import STYLE


def test_every_rule_is_confined_to_the_picture():
    for rule in STYLE.strip().splitlines():
        selector = rule.partition("{")[0]
        assert selector.startswith(".duality-graph ")
        assert "," not in selector


def test_nothing_is_fetched():
    assert "url(" not in STYLE
    assert "@import" not in STYLE
