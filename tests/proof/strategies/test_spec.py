"""A text becomes an application whose lines are known, and is forgotten with whoever held it."""

import gc
import linecache
import sys
import traceback

import pytest

from duality import SpecError, run
from duality.core.io.simulated import SimulatedIO
from duality.proof.strategies import Spec
from duality.proof.strategies import spec as loading

GOOD = """\
from duality import application, module, procedure, yield_now


@module
class Main:
    n: int

    @procedure
    async def main(self):
        await yield_now()
        return 6 // self.n


@application
def drawn(n: int = 1):
    return Main(n)
"""
BAD = GOOD.replace("await yield_now()", "await print()")


def test_it_runs_on_every_runtime_with_its_parameters(on):
    spec = Spec(GOOD, {"n": 2})
    assert run(spec.app, on, io=SimulatedIO(), **spec.params).value == 3


def test_a_traceback_shows_its_line(on):
    spec = Spec(GOOD)
    with pytest.raises(ZeroDivisionError) as raised:
        run(spec.app, on, io=SimulatedIO(), n=0)
    told = "".join(traceback.format_exception(raised.value))
    assert f'File "{spec.name}", line 11, in main\n    return 6 // self.n\n' in told


@pytest.mark.parametrize("side", ["threads", "events", "oracle"])
def test_a_refusal_shows_its_line(side):
    spec = Spec(BAD)
    with pytest.raises(SpecError) as refused:
        run(spec.app, side, io=SimulatedIO())
    assert str(refused.value).startswith(f"{spec.name}:10: `await` of print")
    assert "await print()" in str(refused.value)


def test_one_text_is_one_program_as_long_as_somebody_holds_it():
    one = Spec(GOOD, {"n": 1})
    assert one.app is Spec(GOOD, {"n": 2}).app
    assert one == Spec(GOOD, {"n": 1}) != Spec(GOOD, {"n": 2})
    assert hash(one) == hash(Spec(GOOD, {"n": 1}))


def test_its_name_comes_from_its_text():
    assert Spec(GOOD).name == Spec(GOOD, {"n": 2}).name != Spec(BAD).name
    assert Spec(GOOD).app.file == Spec(GOOD).name


def test_what_nobody_holds_is_forgotten():
    spec = Spec(GOOD + "# to be forgotten\n")
    name = spec.name.removesuffix(".py")
    run(spec.app, io=SimulatedIO())
    assert name in sys.modules
    assert [file for file in linecache.cache if name in file]
    loading._latest.clear()
    del spec
    gc.collect()
    assert name not in sys.modules
    assert not [file for file in linecache.cache if name in file]


def test_those_that_were_loaded_last_are_kept_and_no_more():
    gc.collect()
    held = len(loading._all)  # by whatever ran before us: hypothesis keeps what it has drawn last
    for number in range(3 * loading.KEPT):
        assert Spec(f"{GOOD}# {number}\n").app
    gc.collect()
    assert len(loading._all) <= held + loading.KEPT


def test_it_prints_as_the_program_it_is():
    assert repr(Spec(GOOD, {"n": 2})) == f"Spec(params={{'n': 2}}, text='''\\\n{GOOD}''')"
    assert eval(repr(Spec(GOOD, {"n": 2}))) == Spec(GOOD, {"n": 2})


def test_a_text_that_is_no_python_says_where():
    with pytest.raises(SyntaxError) as refused:
        assert Spec("from duality import module\n\n@module\nclass\n").app
    assert refused.value.lineno == 4
