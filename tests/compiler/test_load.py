"""What is made of a text: functions that are the spec's own in every way Python can ask for."""

import inspect
from collections.abc import Callable
from types import ModuleType

import pytest

from duality import run
from duality.compiler import compile_procedure
from duality.compiler.load import mangled

Spec = Callable[[str], ModuleType]
TEXT = '''
    COUNT = 1

    @module
    class Main:
        __secret: int = 5

        @procedure
        async def main(self, x=2, *, y=3):
            global COUNT
            COUNT = x
            await yield_now()
            COUNT += y
            return COUNT, self.__secret, __class__.__name__, self.main.__name__

    @application
    def app():
        return Main()
'''


@pytest.mark.parametrize("on", ["threads", "events", "oracle"])
def test_globals_and_private_names_are_the_specs(spec: Spec, on: str) -> None:
    module = spec(TEXT)
    assert run(module.app, on).value == (5, 5, "Main", "main")
    assert module.COUNT == 5


@pytest.mark.parametrize("side", ["threads", "events"])
def test_a_product_bears_the_procedures_name_file_and_defaults(spec: Spec, side: str) -> None:
    module = spec(TEXT)
    product = compile_procedure(module.Main.main, module.Main, side)
    function = product.bind(lambda kind, name: None)
    assert (function.__name__, function.__qualname__) == ("main", "Main.main")
    assert function.__code__.co_filename == module.__file__
    assert (function.__defaults__, function.__kwdefaults__) == ((2,), {"y": 3})
    assert not inspect.iscoroutinefunction(function)
    assert not inspect.isgeneratorfunction(function)


def test_a_procedure_is_compiled_once(spec: Spec) -> None:
    module = spec(TEXT)
    one = compile_procedure(module.Main.main, module.Main, "events")
    assert compile_procedure(module.Main.main, module.Main, "events") is one


@pytest.mark.parametrize(
    ("name", "result"), [("__x", "_Main__x"), ("_x", "_x"), ("__x__", "__x__"), ("x", "x")]
)  # fmt: skip
def test_private_names(name: str, result: str) -> None:
    class Main:
        pass

    assert mangled(name, Main) == result
    assert mangled(name, None) == name
