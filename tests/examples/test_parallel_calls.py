"""Answers come in the order asked for; errors travel with the reply; a scope is all or nothing."""


def test_all_shops_answer(example, output):
    assert output(example.parallel_calls) == (["North: 30", "South: 28", "East: 33"], 91)


def test_one_shop_fails_the_others_answer_and_the_scope_gives_up(example, output):
    assert output(example.parallel_calls, item="rope") == (
        ["North: 7", "sorry: South has no rope", "East: 5"],
        "SoldOut",
    )


def test_every_shop_fails(example, output):
    offers, verdict = output(example.parallel_calls, item="moon", delay=0.0)
    assert offers == [f"sorry: {shop} has no moon" for shop in ("North", "South", "East")]
    assert set(verdict.split(" and ")) == {"SoldOut"}
