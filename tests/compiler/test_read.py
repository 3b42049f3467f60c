"""Finding the source of a procedure, and what its names mean."""

import ast
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from duality import SpecError
from duality.compiler import source
from duality.compiler.read import MISSING, async_methods, read

Spec = Callable[[str], ModuleType]
TEXT = """
    LIMIT = 3

    def outside():
        hidden = 4

        @module
        class Inner:
            @entry
            async def p(self):
                return hidden, LIMIT, len, nowhere

        return Inner

    @module
    class Base:
        async def kept(self): ...
        async def replaced(self): ...

    @module
    class Main(Base):
        async def replaced(self): ...
"""


def test_names_mean_what_python_says(spec: Spec) -> None:
    module = spec(TEXT)
    inner = module.outside()
    procedure = read(inner.p, inner)
    assert (procedure.lookup("hidden"), procedure.lookup("LIMIT"), procedure.lookup("len")) == (4, 3, len)
    assert procedure.lookup("nowhere") is MISSING
    assert (procedure.qualname.lstrip("."), procedure.kind, procedure.name) == ("Inner.p", "entry", "p")
    assert procedure.text.splitlines()[0].strip() == "@entry"
    assert procedure.line(procedure.first_line).strip() == "async def p(self):"


def test_methods_follow_the_order_of_inheritance(spec: Spec) -> None:
    module = spec(TEXT)
    found = async_methods(module.Main)
    assert {name: owner.__name__ for name, (_, owner) in found.items()} == {"kept": "Base", "replaced": "Main"}


def test_a_source_that_is_gone_is_a_sentence() -> None:
    namespace: dict[str, object] = {}
    exec(compile("async def p(self): pass", "/nowhere/app.py", "exec"), namespace)
    with pytest.raises(SpecError, match="the source of p is not there: /nowhere/app.py cannot be read") as error:
        read(namespace["p"])  # type: ignore[arg-type]
    assert error.value.advice == "A spec is compiled from its own source: keep it in a file."


def test_a_file_that_has_changed_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "changed.py"
    path.write_text("\n\n\nasync def other(): pass\n")
    namespace: dict[str, object] = {}
    exec(compile("async def p(self): pass", str(path), "exec"), namespace)
    with pytest.raises(SpecError, match="has the file changed since"):
        read(namespace["p"])  # type: ignore[arg-type]


def test_a_file_that_takes_the_name_of_another_is_read_anew(tmp_path: Path) -> None:
    path, read_sources = tmp_path / "app.py", []
    for body in ("return 1", "return 1000  # another text"):
        path.write_text(f"async def p(self): {body}\n")
        namespace: dict[str, object] = {}
        exec(compile(path.read_text(), str(path), "exec"), namespace)
        read_sources.append(read(namespace["p"]).text)  # type: ignore[arg-type]
    assert read_sources == ["async def p(self): return 1", "async def p(self): return 1000  # another text"]


def test_a_file_is_parsed_once_and_only_the_latest_files_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST", 3)
    parsed = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text, *rest: parsed.append(text) or parse(text, *rest))
    functions = []
    for number in range(5):
        path = tmp_path / f"app{number}.py"
        path.write_text(f"async def p(): return {number}\nasync def q(): pass\n")
        namespace: dict[str, Any] = {}
        exec(compile(path.read_text(), str(path), "exec"), namespace)
        functions += [namespace["p"], namespace["q"]]
    trees = [read(one).tree for one in functions]
    assert len(parsed) == 5
    assert [read(one).tree for one in functions] == trees
    assert len(parsed) == 5
    assert len(source._sources) == 3
    assert [Path(name).name for name in source._sources] == ["app2.py", "app3.py", "app4.py"]
