"""An invariant that nobody would look at, or that does anything, is refused; and nothing that only looks is.

What a run makes of a refusal is tested in ``test_invariants.py``.
"""

import importlib.util

import pytest

from duality.errors import SpecError
from duality.proof.unseen import refuse
from duality.spec.module import modules_below

TEXT = """
from duality import fork, invariant, join, module, now, procedure, sleep
HEAD

class Plain:
    PLAIN
    def quiet(self):
        return 1

@module
class Main(BASE):
    at: float = 0.0

    MARK
    def holds(self):
        return ASKS

    @procedure
    async def main(self):
        return 1

async def helper():
    await sleep(1)

def plainly(at):
    return at >= 0
"""


@pytest.fixture
def root(tmp_path):
    """``root(...)``: the modules of a spec made of these pieces, in a file of its own."""

    def root(name="spec", head="", asks="True", plain="", base="", mark="@invariant"):
        pieces = {"HEAD": head, "PLAIN": plain, "BASE": base, "MARK": mark, "ASKS": asks}
        text = TEXT
        for word, piece in pieces.items():
            text = text.replace(word, piece)
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return list(modules_below(module.Main()))

    return root


@pytest.mark.parametrize("asks", ["self.at >= 0", "now() >= self.at", "plainly(self.at)", "len(str(self.at)) > 0"])
def test_who_only_looks_may_also_at_the_clock_and_by_a_plain_helper(root, asks):
    refuse(root(asks=asks))


@pytest.mark.parametrize(
    ("asks", "called"),
    [("sleep(1)", "sleep"), ("join(self.at)", "join"), ("fork(self.at)", "fork"), ("helper()", "helper")],
)
def test_who_asks_for_what_may_rest_or_has_an_effect_is_refused_with_its_line(root, tmp_path, asks, called):
    modules = root(asks=asks)
    with pytest.raises(SpecError, match=f"the invariant Main.holds asks for `{called}`") as refused:
        refuse(modules)
    assert str(refused.value).startswith(f"{tmp_path / 'spec.py'}:")


def test_an_invariant_of_a_class_beside_that_is_no_module_is_refused(root):
    with pytest.raises(SpecError, match=r"Plain\.quiet is of a class that is no module: nobody would look"):
        refuse(root(plain="@invariant", mark=""))


def test_one_that_a_module_inherits_is_looked_at(root):
    refuse(root(plain="@invariant", base="Plain", mark=""))


def test_what_another_file_has_is_no_business_of_this_one(root, tmp_path, monkeypatch):
    root(name="elsewhere", plain="@invariant")
    monkeypatch.syspath_prepend(tmp_path)
    refuse(root(head="from elsewhere import Plain as Other"))


def test_no_modules_no_invariants():
    refuse([])
