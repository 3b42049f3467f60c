"""Every client gets its own answers; the store counts all of them."""

import pytest


@pytest.mark.parametrize("clients", [1, 3, 20])
def test_every_client_gets_its_own_answers(example, output, clients):
    heard = output(example.kv_server, clients=clients)
    for number in range(clients):
        assert heard[f"client {number}"] == ["OK", f"VALUE value {number}", "ERROR unknown command", "BYE"]
    assert sorted(heard["sums"]) == sorted(f"VALUE {number + 1}" for number in range(clients))
    assert heard["last"] == [
        f"VALUE {clients + 1}", f"VALUE {clients}", "OK", "NONE", f"VALUE {clients}", "BYE",
    ]  # fmt: skip


def test_lines_are_cut_wherever_the_network_cut(example):
    text = "SET a 1\r\nGET a\n\nLAST wird übersetzt\n".encode()
    whole = example.Lines().feed(text)
    assert whole == ["SET a 1", "GET a", "", "LAST wird übersetzt"]
    for cut in range(len(text) + 1):
        lines = example.Lines()
        assert lines.feed(text[:cut]) + lines.feed(text[cut:]) == whole


def test_a_line_without_end_is_refused(example):
    lines = example.Lines()
    lines.feed(b"x" * example.MAX_LINE)
    with pytest.raises(ValueError, match="too long"):
        lines.feed(b"x")
