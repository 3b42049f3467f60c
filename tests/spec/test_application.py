"""An application builds fresh modules, and says clearly what is wrong with it."""

import inspect

import pytest

from duality import SpecError, application, module, procedure, run


@module
class Main:
    count: int
    children: list

    @procedure
    async def main(self):
        return self.count


@module
class Leaf:
    value: int = 0


@module
class Idle:
    """Has no main."""


@application
def counting(count: int, extra: str = "x"):
    """Count.

    In two paragraphs.
    """
    return Main(count, [Leaf(1), Leaf(2)])


@application
def headless():
    """Returns a module without `main`."""
    return Idle()


@application
def nothing():
    """Returns no module."""


@application
def a_class():
    """Returns a class, not an instance."""
    return Main


def test_an_application_is_named_and_documented_as_its_function():
    assert counting.name == counting.__name__ == "counting"
    assert counting.file == __file__
    assert counting.doc == "Count.\n\nIn two paragraphs."
    with open(__file__, encoding="utf-8") as file:
        assert file.read().splitlines()[counting.line - 1].strip() == "@application"
    assert repr(counting) == f"<application counting ({__file__}:{counting.line})>"


def test_its_parameters_are_the_functions():
    assert list(counting.parameters) == ["count", "extra"]
    assert counting.parameters["count"].default is inspect.Parameter.empty
    assert counting.parameters["extra"].default == "x"
    assert counting.parameters["count"].annotation is int


def test_every_build_makes_fresh_modules():
    one, two = counting.build(count=1), counting.build(count=1)
    assert one is not two
    assert one.children[0] is not two.children[0]
    assert counting(3).count == 3


@pytest.mark.parametrize(
    ("params", "said"), [({}, "missing a required argument: 'count'"), ({"count": 1, "colour": 2}, "colour")]
)
def test_parameters_that_do_not_fit_are_refused_with_those_there_are(params, said):
    with pytest.raises(SpecError, match=said) as caught:
        counting.build(**params)
    assert caught.value.file == __file__
    assert caught.value.line == counting.line
    assert "Its parameters: count, extra." in str(caught.value)


@pytest.mark.parametrize("wrong", [headless, nothing, a_class])
def test_what_is_no_root_module_is_refused(wrong):
    with pytest.raises(SpecError, match="must return a module that has a procedure `main`") as caught:
        wrong.build()
    assert "@procedure async def main(self)" in str(caught.value)


def test_an_error_of_the_function_itself_is_its_own():
    @application
    def broken():
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        broken.build()

    @application
    def confused():
        raise TypeError("mine too")

    with pytest.raises(TypeError, match="mine too"):
        confused.build()


def test_the_classes_it_wires_are_each_there_once_the_roots_first():
    assert counting.classes(count=1) == [Main, Leaf]


@application
def awkward(on: int = 1, trace: int = 2):
    """Its parameters have names that ``run`` has taken."""
    return Awkward(on, trace)


@module
class Awkward:
    on: int
    trace: int

    @procedure
    async def main(self):
        return self.on, self.trace


@pytest.mark.parametrize("side", ["threads", "events", "oracle"])
def test_a_parameter_that_run_has_a_name_for_is_given_before(side):
    given = awkward.given(on=10)
    assert run(given, side).value == (10, 2)
    assert run(given.given(trace=20), side).value == (10, 20)
    assert run(awkward, side).value == (1, 2)
    assert (given.name, given.doc) == (awkward.name, awkward.doc)


def test_what_is_missing_tells_of_that_way():
    @application
    def demanding(policy):
        return Awkward(policy, 0)

    with pytest.raises(SpecError) as caught:
        run(demanding)
    assert caught.value.advice == (
        "Its parameters: policy. policy is also an option of run: give it before, as in run(app.given(policy=...))."
    )


def test_its_static_graph_is_read_off_its_source():
    graph = counting.graph(count=1)
    assert graph.procedures == ("Main.main",)
    assert [node.kind for node in graph.nodes] == ["begin", "end"]
