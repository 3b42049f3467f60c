"""What is made of a text: functions that are the spec's own in every way Python can ask for."""

import __future__

import ast
import inspect
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType

import pytest

from duality import run
from duality.compiler import compile_procedure
from duality.compiler.linetable import NOWHERE
from duality.compiler.load import cells_of, compile_functions, compile_trees, future, make, mangled, nowhere
from tests.compiler.fuzz.compare import load

Spec = Callable[[str], ModuleType]
TEXT = """
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
"""


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
    ("owner", "name", "result"),
    [
        ("Main", "__x", "_Main__x"), ("Main", "_x", "_x"), ("Main", "__x__", "__x__"), ("Main", "x", "x"),
        ("Main", "__x_", "_Main__x_"), ("__Main_", "__x", "_Main___x"), ("___", "__x", "__x"),
        ("X_X", "__x", "_X_X__x"),
    ],
)  # fmt: skip
def test_private_names(owner: str, name: str, result: str) -> None:
    assert mangled(name, type(owner, (), {})) == result
    assert mangled(name, None) == name
    namespace: dict[str, type] = {}
    exec(f"class {owner}:\n    {name} = 1", namespace)
    assert result in vars(namespace[owner]), "as Python does"


NAMED = '''
    _Main = "the spec's own name, which our class must not take"

    def outer():
        kept = [1]

        @module
        class Main:
            """What is described."""

            __secret: int = 8

            @procedure
            async def main(self, __y=7):
                """What it does."""
                def one(x: int = 1) -> str:
                    def two(): ...
                    return two
                found = [one, one(), lambda: 0]
                await yield_now()
                class Inner:
                    def three(self): ...
                found += [Inner, Inner.three, lambda: 0]
                names = [(each.__name__, each.__qualname__) for each in found]
                return names, one.__annotations__, kept, __y, self.__secret, _Main, __class__.__doc__

        return Main

    @application
    def app():
        return outer()()
'''


def test_what_is_defined_inside_has_its_full_name(spec: Spec) -> None:
    module = spec(NAMED)
    expected = run(module.app, "oracle").value
    assert expected[0][1] == ("two", "outer.<locals>.Main.main.<locals>.one.<locals>.two")
    assert expected[2:] == ([1], 7, 8, module._Main, "What is described.")
    for on in ("threads", "events"):
        assert run(module.app, on).value == expected


def test_only_the_first_handler_takes_defaults(spec: Spec) -> None:
    module = spec(TEXT)
    product = compile_procedure(module.Main.main, module.Main, "events")
    cells = {name: CellType() for code in product.codes.values() for name in code.co_freevars}
    assert len(product.handlers) > 1
    for name in product.handlers:
        first = name == product.handlers[0]
        function = make(product.codes[name], module.Main.main, cells, first)
        assert (function.__name__, function.__qualname__) == ("main", "Main.main")
        assert function.__globals__ is vars(module)
        assert (function.__defaults__, function.__kwdefaults__) == (((2,), {"y": 3}) if first else (None, None))
        assert function.__doc__ == (module.Main.main.__doc__ if first else None)
        assert function.__closure__ == tuple(cells[one] for one in product.codes[name].co_freevars) or not cells


STOPPED = """
    @module
    class Main:
        async def stops(self, error):
            "Raises it at once."
            raise error(3)

        async def turns(self, error):
            yield 1
            raise error(4)

        @procedure
        async def main(self):
            seen = []
            for error in (StopIteration, StopAsyncIteration, KeyError):
                try:
                    await self.stops(error)
                except BaseException as one:
                    seen.append((type(one), one.args, repr(one.__cause__), repr(one.__context__)))
                try:
                    async for turn in self.turns(error):
                        await yield_now()
                except BaseException as one:
                    seen.append((type(one), one.args, repr(one.__cause__), repr(one.__context__)))
            return seen

    @application
    def app():
        return Main()
"""


def test_what_ends_a_coroutine_is_no_error_that_leaves_one(spec: Spec) -> None:
    module = spec(STOPPED)
    expected = run(module.app, "oracle").value
    assert [error.__name__ for error, *_ in expected[:2]] == ["RuntimeError", "RuntimeError"]
    for on in ("threads", "events"):
        assert run(module.app, on).value == expected


@pytest.mark.parametrize("on", ["threads", "events"])
def test_the_error_that_is_put_in_its_place_stands_in_a_line_of_the_procedure(spec: Spec, on: str) -> None:
    module = spec(STOPPED.replace("seen = []", "await self.stops(StopIteration)"))
    with pytest.raises(RuntimeError) as error:
        run(module.app, on)
    found = traceback.extract_tb(error.value.__traceback__)
    lines = [frame.line for frame in found if frame.name == "stops"]
    assert lines in (["async def stops(self, error):"], ["raise error(3)"])


@pytest.mark.parametrize("on", ["threads", "events", "oracle"])
@pytest.mark.parametrize("later", [True, False])
def test_annotations_are_text_if_the_file_says_so(tmp_path: Path, on: str, later: bool) -> None:
    head = "from __future__ import annotations\n" if later else ""
    text = (
        "from duality import *\n@module\nclass Main:\n    @procedure\n    async def main(self):\n"
        "        await yield_now()\n        def inner(x: int): ...\n        return inner.__annotations__\n"
        "@application\ndef app():\n    return Main()\n"
    )
    assert run(load(head + text, tmp_path).app, on).value == {"x": "int" if later else int}


def test_only_what_matters_of_future_is_told() -> None:
    flags = __future__.annotations.compiler_flag
    codes = compile("def p(): ...", "", "exec", flags, dont_inherit=True).co_consts
    (code,) = (one for one in codes if isinstance(one, CodeType))
    assert future(FunctionType(code, {})) == flags
    assert code.co_flags != flags
    assert future(test_private_names) == 0


def test_a_body_may_be_a_docstring_and_nothing_else(spec: Spec) -> None:
    module = spec(
        TEXT.replace("x=2, *, y=3):", 'x=2, *, y=3):\n            "Says."').replace("await yield_now()", "...")
    )
    assert module.Main.main.__doc__ == "Says."
    text = """
        @module
        class Main:
            @procedure
            async def main(self):
                "Nothing."

        @application
        def app():
            return Main()
    """
    for on in ("threads", "events", "oracle"):
        assert run(spec(text).app, on).value is None
        assert run(module.app, on).value == (5, 5, "Main", "main")


TWO = """\
@here
def p(self, x):
    'Says.'
    return x, given, other, self.__secret, __class__
def q(self):
    pass
"""


def test_functions_are_compiled_as_in_the_class_of_the_spec() -> None:
    seen: list[str] = []
    owner = type("_Main", (), {})

    def settle(function: ast.FunctionDef) -> list[str]:
        seen.append(function.name)
        assert not function.decorator_list
        return ["other"]

    codes = compile_functions(TWO + "x = 1\n", ["given", "__class__"], owner, "spec.py", settle)
    assert seen == ["p", "q"]
    assert sorted(codes) == ["p", "q"]
    assert codes["p"].co_filename == "spec.py"
    assert sorted(codes["p"].co_freevars) == ["__class__", "given", "other"]
    assert "_Main__secret" in codes["p"].co_names
    assert codes["p"].co_consts[0] == "Says."
    without = compile_functions(TWO, ["given"], None, "spec.py", settle)
    assert sorted(without["p"].co_freevars) == ["given", "other"]
    assert {"__secret", "__class__"} <= {*without["p"].co_names}


def test_a_coroutine_is_what_is_compiled_if_nothing_else_is_said() -> None:
    codes = compile_functions("def p(): raise StopIteration", [], None, "spec.py", lambda function: ())
    with pytest.raises(RuntimeError, match="coroutine raised StopIteration"):
        FunctionType(codes["p"], {"RuntimeError": RuntimeError, "StopIteration": StopIteration})()


def test_a_private_name_that_is_given_is_mangled_too() -> None:
    tree = ast.parse("def p(): return __given")
    assert compile_trees(tree.body, ["__given"], type("Main", (), {}), "spec.py")["p"].co_freevars == ("_Main__given",)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a syntax of Python 3.12")
def test_type_parameters_of_a_procedure_are_cells_of_the_spec() -> None:
    code = compile_trees(ast.parse("def p[T](x: T) -> T: return T").body, ["T"], None, "spec.py")["p"]
    assert code.co_freevars == ("T",)


def test_what_stands_nowhere() -> None:
    one, other = ast.parse("x\ny").body
    nowhere(None, one, ast.Load())
    assert (one.lineno, one.end_lineno) == (NOWHERE, NOWHERE)
    assert (other.lineno, other.end_lineno) == (2, 2)


def test_the_cells_of_a_function_by_name() -> None:
    one, other = object(), object()

    def closed() -> tuple[object, object]:
        return other, one

    assert {name: cell.cell_contents for name, cell in cells_of(closed).items()} == {"one": one, "other": other}
    assert cells_of(test_private_names) == {}


def test_where_python_forbids_to_compare_bytes_with_text_a_spec_may_have_both():
    text = """
from duality.compiler.load import named

def said():
    return b"bytes", "said"

print(named(said.__code__, said).co_consts)
"""
    made = subprocess.run([sys.executable, "-bb", "-c", text], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    assert "b'bytes'" in made.stdout
