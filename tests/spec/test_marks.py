"""A mark changes nothing about a function, and refuses what cannot be a procedure."""

import inspect

import pytest

from duality import SpecError, entry, procedure
from duality.spec.marks import kind_of


async def unmarked(self): ...


@pytest.mark.parametrize(("mark", "kind"), [(entry, "entry"), (procedure, "procedure")])
def test_a_mark_is_read_back_and_the_function_is_the_same(mark, kind):
    async def method(self, x, *, y=1):
        """Says something."""

    before = method.__code__
    marked = mark(method)
    assert marked is method
    assert kind_of(marked) == kind
    assert marked.__code__ is before
    assert inspect.iscoroutinefunction(marked)


def test_what_bears_no_mark_is_internal():
    assert kind_of(unmarked) == "internal"


@pytest.mark.parametrize(("mark", "name"), [(entry, "@entry"), (procedure, "@procedure")])
def test_a_function_that_is_not_async_is_refused_where_it_stands(mark, name):
    def plain(self): ...

    with pytest.raises(SpecError, match=f"{name} on .*plain, which is not an `async def`") as caught:
        mark(plain)
    assert caught.value.file == __file__
    assert caught.value.line == plain.__code__.co_firstlineno
    assert "Write `async def`" in str(caught.value)


@pytest.mark.parametrize("thing", [3, "x", None, print])
def test_what_is_no_function_at_all_is_refused_too(thing):
    with pytest.raises(SpecError, match="which is not an `async def`"):
        entry(thing)
