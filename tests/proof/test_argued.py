"""The reasons for which a stack may hold what is dead: each for its own variable, at its own place, and no other."""

import ast
import builtins

import pytest
from attrs import field

from duality import fork, join, module, procedure, scope, sleep
from duality.compiler.program import program
from duality.proof.argued import Argued, of_displays


@module
class Every:
    items: list = field(factory=list)

    @procedure
    async def plainly(self, given):
        here = given + 1
        await sleep(here)
        spare = here
        await sleep(spare)
        return given

    @procedure
    async def shown(self, numbers, captured):
        doubled = [one * 2 for one in numbers]
        kept = lambda: doubled + captured  # noqa: E731
        await sleep(1)
        return kept() + [other for other, _ in {(1, 2)}]

    @procedure
    async def through(self, words, limit):
        for word in words:
            await sleep(1)
            self.items.append(word)
        for number in range(limit):
            await sleep(number)
        await sleep(9)

    @procedure
    async def within(self):
        async with scope() as tasks:
            tasks.fork(self.plainly, 1)
            await sleep(2)
        async with scope():
            await sleep(1)

    @procedure
    async def over(self, left, right, other):
        await sleep(other)
        return (
            await self.plainly(left),
            await self.plainly(right),
        )

    @procedure
    async def perhaps(self, flag):
        if flag:
            found = [1]
        await sleep(1)
        if flag:
            await sleep(len(found))
        await sleep(2)
        task = fork(self.plainly, 1)
        return await join(task)


async def helping(given):
    await sleep(1)
    return given


def argued(name):
    source = helping if name == "helping" else Every
    (product,) = program(source, "threads").find(name)
    return Argued(product)


def dead_at(name, kind="sleep"):
    """Of each node of this kind, in the order of the text: what may be bound there for a reason."""
    one = argued(name)
    nodes = sorted({node for node in one.product.points.nodes if node.kind == kind}, key=lambda node: node.line)
    return [set(one.dead(node)) - {*vars(builtins), *globals()} for node in nodes]


def test_a_plain_procedure_has_no_reason_but_its_module():
    assert {name for name in argued("plainly").plain if not name.endswith("_")} == {"self", "given", "here", "spare"}
    assert argued("plainly").nones == set()
    # A statement that rests reads what it is given, and no line within it could drop that.
    assert dead_at("plainly") == [{"self", "here"}, {"self", "spare"}]


def test_a_helper_has_no_module():
    assert dead_at("helping") == [set()]


def test_what_a_comprehension_or_an_inner_function_has_is_not_compared():
    one = argued("shown")
    assert one.plain & {"one", "other", "_", "doubled", "kept", "captured", "numbers"} == {"kept", "numbers"}
    assert {"one", "other", "_"} <= dead_at("shown")[0]
    assert "numbers" not in dead_at("shown")[0]


def test_a_loop_holds_its_list_as_long_as_it_goes_on():
    inside, ranged, after = dead_at("through")
    assert inside == {"self", "words"}
    assert ranged == {"self", "limit", "number"}
    assert after == {"self"}


def test_a_block_holds_its_scope():
    (first, second) = dead_at("within")
    assert first == {"self", "tasks"}
    assert second == {"self"}


def test_a_statement_over_several_lines_holds_what_any_of_them_reads():
    (alone,) = dead_at("over")
    assert alone == {"self", "other"}
    both = dead_at("over", "call")
    assert len(both) == 2
    assert all({"left", "right"} <= one and "other" not in one for one in both)


def test_a_variable_that_may_be_unbound_is_made_none_where_it_dies():
    assert argued("perhaps").nones == {"flag", "found"}  # `flag` is dropped on one of two ways
    first, inside, last = dead_at("perhaps")
    assert "found" in inside  # its own statement reads it
    assert "found" not in first | last


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[one for one in many]", {"one"}),
        ("{key: two for key, two in many}", {"key", "two"}),
        ("[(one, two) for one in many for two in one]", {"one", "two"}),
        ("one = [one for one in many]", set()),
        ("[two for two in many if (seen := two)]", {"two"}),
        ("many = two", set()),
    ],
)
def test_the_variables_of_comprehensions_are_those_that_nothing_else_sets(text, expected):
    assert of_displays(ast.parse(text)) == expected
