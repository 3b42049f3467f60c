"""Every line of a generated text has its row, and stands beside the line of the spec it comes from."""

import re
from pathlib import Path

import pytest

from duality.compiler import Product, program
from duality.view.beside import beside, rests
from duality.web import knot

PRODUCTS = [product for side in ("events", "threads") for product in program(knot, side, root=".").products]
each = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: f"{product.side}-{product.qualname}")


@each
def test_every_line_of_the_text_has_one_row_in_order(product: Product) -> None:
    rows = [row for row in beside(product) if row.number is not None]
    assert [row.text for row in rows] == product.text.rstrip("\n").split("\n")
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


@each
def test_a_line_of_the_spec_is_the_one_of_its_number(product: Product) -> None:
    whole = Path(product.file).read_text().splitlines()
    for row in beside(product):
        if row.line is None:
            assert row.spec == ""
        else:
            assert row.spec.strip() == whole[row.line - 1].strip()
            assert row.origin == row.line


@each
def test_whoever_reads_a_line_of_the_text_has_last_read_the_line_it_comes_from(product: Product) -> None:
    shown: list[int] = []
    for row in beside(product):
        if row.number is not None and not row.text:
            shown = []
        if row.line is not None:
            shown.append(row.line)
        if row.number is not None and row.origin is not None and row.line is None:
            # The rest of its statement may have been shown since, and nothing else.
            assert row.origin in shown
            since = shown[len(shown) - shown[::-1].index(row.origin) - 1 :]
            assert since == list(range(row.origin, row.origin + len(since)))


@each
def test_every_rest_is_marked_and_says_what_is_alive(product: Product) -> None:
    marked = [row.rest for row in beside(product) if row.rest is not None]
    known = rests(product)
    assert [rest.number for rest in known] == list(range(1, len(known) + 1))
    if product.side == "events":
        assert {rest.number for rest in marked} == {rest.number for rest in known}
        # One handler resumes each; within a `finally`, one for each way into it.
        assert len(marked) == product.text.count("# alive across the rest:")
        assert {rest.node: rest.alive for rest in marked} == product.alive
    else:
        assert {rest.node.line for rest in marked} == {rest.node.line for rest in known}


def test_the_same_rests_are_alive_on_the_stack_as_in_the_record() -> None:
    half = len(PRODUCTS) // 2
    for events, threads in zip(PRODUCTS[:half], PRODUCTS[half:], strict=True):
        written = set(re.findall(r"\w+", events.spec))  # the record holds what the compiler has made up, too
        kept = [(rest.node, rest.number, [name for name in rest.alive if name in written]) for rest in rests(events)]
        assert kept == [(rest.node, rest.number, list(rest.alive)) for rest in rests(threads)]


def test_a_rest_reads_as_a_sentence() -> None:
    (claim,) = (product for product in PRODUCTS[: len(PRODUCTS) // 2] if product.qualname == "Pages.claim")
    (rest,) = rests(claim)
    assert str(rest) == f"wait:self.settled, line {rest.node.line}; alive: self, path"
