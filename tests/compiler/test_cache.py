"""The cache on disk: what is found there is what would be made now, or it is not found."""

import gc
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from duality import SpecError, application, run
from duality.compiler import cache, compile_procedure, facts, program
from duality.compiler.made import Made
from duality.compiler.plain import made_of, plain
from duality.compiler.read import read
from duality.spec import module as declared
from tests.compiler.conftest import HEAD
from tests.compiler.fuzz.compare import observe

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.py"))
ROOT = Path(__file__).parents[2]
SIDES = ("events", "threads")
Spec = Callable[[str], ModuleType]

TEXT = (
    HEAD
    + """
@module
class Main:
    @procedure
    async def main(self, start=1):
        total = start
        for step in range(3):
            await yield_now()
            total += step
        return total

@application
def app():
    return Main()
"""
)


@pytest.fixture(autouse=True)
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for each test; nothing is in it yet."""
    monkeypatch.setenv("DUALITY_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def loaded(path: Path, text: str | None = None) -> ModuleType:
    """The module that a file is, made anew: nothing that was made of an earlier one is known to it."""
    if text is not None:
        path.write_text(text)
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[path.stem] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    return module


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The modules that a test has loaded are gone afterwards."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if not name.startswith("duality"):
            del sys.modules[name]


def entries(folder: Path) -> list[Path]:
    """The files in the cache, by name."""
    return sorted(folder.iterdir()) if folder.exists() else []


def found(module: ModuleType, side: str = "events") -> Made | None:
    """What the cache has of ``Main.main``."""
    return cache.find(vars(module.Main)["main"], module.Main, side)


# -- what is found -----------------------------------------------------------------------------------------------------

SECOND = """
import sys
from duality.compiler import product, program
def never(procedure): raise AssertionError(f"{procedure.qualname} is compiled again")
if sys.argv[2] == "found":
    product._MAKERS.update(events=never, threads=never)
    product.refuse = never
sys.path.insert(0, sys.argv[1])
import app
for side in ("events", "threads"):
    whole = program(app.app, side)
    print(whole.text, sum(len(one.codes) for one in whole.products), [one.alive for one in whole.products])
    from duality import run
    print(run(app.app, side).value)
"""


def test_a_second_process_lowers_and_compiles_nothing(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TEXT)

    def process(what: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", SECOND, tmp_path, what], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    first = process("made")
    assert "def main_after_yield" in first
    assert process("found") == first


@pytest.mark.parametrize("side", SIDES)
def test_what_is_read_is_what_was_written(side: str) -> None:
    for path in CORPUS:
        for one in program(loaded(path).app, side).products:
            data = plain(one)
            again = made_of(data)
            assert plain(again) == data
            assert (again.text, again.origin, again.nodes, again.calls) == (one.text, one.origin, one.nodes, one.calls)
            assert (again.alive, again.words, again.asked) == (one.alive, one.words, one.asked)
            assert again.points.nodes == one.points.nodes
            assert [node.label for node in again.points.nodes] == [node.label for node in one.points.nodes]
            assert again.points.replies == one.points.replies
            for table in ("calls", "turns", "enters", "exits"):
                assert getattr(again.standing, table) == getattr(one.standing, table)
                assert getattr(again.stands, table) == getattr(one.stands, table)


@pytest.mark.parametrize("path", CORPUS[::3], ids=lambda path: str(path.stem))
def test_a_program_from_the_cache_runs_as_the_one_that_was_made(path: Path) -> None:
    for side in SIDES:
        runs = [observe(loaded(path).app, side, "direct") for _ in range(2)]
        assert runs[0] == runs[1]
    for side in SIDES:
        module = loaded(path)
        assert cache.find(vars(module.Main)["first"], module.Main, side) is not None


def test_modules_that_are_built_while_it_runs_and_helpers_are_found_too(kept_in: Path, tmp_path: Path) -> None:
    (tmp_path / "aside.py").write_text(HEAD + "async def far(x):\n    await yield_now()\n    return x\n")
    text = HEAD + (
        "import aside\n@module\nclass Made:\n    @procedure\n    async def p(self):\n        await yield_now()\n"
        "async def near(x):\n    await yield_now()\n    return x\n"
        "@module\nclass Main:\n    @procedure\n    async def main(self):\n"
        "        made = Made()\n        await made.p()\n        return await near(1) + await aside.far(2)\n"
    )
    loaded(tmp_path / "aside.py")
    texts = [program(loaded(tmp_path / "app.py", text).Main, "events").text for _ in range(2)]
    assert texts[0] == texts[1]
    assert len(entries(kept_in)) == 4
    assert [one.qualname for one in program(loaded(tmp_path / "app.py").Main, "events").products] == [
        "Main.main", "Made.p", "near", "far",
    ]  # fmt: skip


# -- what is not -------------------------------------------------------------------------------------------------------

MAIN = """
from duality import *
from attrs import field
from other import *
import other

@module
class Main{bases}:
    {fields}
    @procedure
    async def main(self{parameters}):
        {body}
"""
BOX = "@module\nclass Box:\n    @procedure\n    async def put(self, x):\n        await yield_now()\n"
ONE_SIDE = {"what is looked up may be rebound": "events", "what a loop goes through holds nothing any more": "threads"}
# What the body does, what else the class has, the other file before and after.
CHANGES = {
    "a helper becomes a plain function": (
        "await act()",
        "",
        "async def act(): await yield_now()",
        "def act(): pass",
    ),
    "a helper becomes a generator": (
        "x = act()",
        "",
        "def act(): pass",
        "async def act(): yield 1",
    ),
    "a helper takes another argument": (
        "await act(1)",
        "",
        "async def act(x): await yield_now()",
        "async def act(x, y): await yield_now()",
    ),
    "an argument has no default any more": (
        "await act()",
        "",
        "async def act(x=1): await yield_now()",
        "async def act(x): await yield_now()",
    ),
    "a keyword has no default any more": (
        "await act()",
        "",
        "async def act(*, x=1): await yield_now()",
        "async def act(*, x): await yield_now()",
    ),
    "a parameter has another name": (
        "await act(x=1)",
        "",
        "async def act(x): await yield_now()",
        "async def act(y): await yield_now()",
    ),
    "a verb is replaced by a helper": (
        "await pause(1)",
        "",
        "from duality import sleep as pause",
        "async def pause(x): await yield_now()",
    ),
    "a verb is replaced by another": (
        "await pause(1)",
        "",
        "from duality import sleep as pause",
        "from duality import join as pause",
    ),
    "a reply becomes a call": (
        "answer(1)\n        await yield_now()",
        "",
        "from duality import reply as answer",
        "def answer(x): pass",
    ),
    "a helper of a file becomes a plain function": (
        "x = [await other.act()]",
        "",
        "async def act(): await yield_now()",
        "def act(): pass",
    ),
    "what was a file is an object": (
        "x = inner.act",
        "",
        "import types\nasync def act(): await yield_now()\ninner = types.ModuleType('inner')\ninner.act = act",
        "import types\nasync def act(): await yield_now()\ninner = types.SimpleNamespace(act=act)",
    ),
    "a module becomes a plain class": (
        "await self.box.put(1)",
        "box: Box",
        BOX,
        "class Box:\n    def put(self, x): pass",
    ),
    "a procedure of a field takes another argument": (
        "await self.box.put(1)",
        "box: Box",
        BOX,
        BOX.replace("(self, x)", "(self, x, y)"),
    ),
    "a procedure of a field is there no more": (
        "await self.box.put(1)",
        "box: Box",
        BOX,
        BOX.replace("put", "get") + "@module\nclass Another:\n    async def put(self, x): pass\n",
    ),
    "no module has such a procedure any more": (
        "x = object()\n        await x.put(1)",
        "",
        BOX,
        BOX.replace("put", "get"),
    ),
    "a procedure of a field becomes a generator": (
        "await self.box.put(1)",
        "box: Box",
        BOX,
        "@module\nclass Box:\n    async def put(self, x): yield 1\n",
    ),
    "a procedure of a field is static": (
        "await self.box.put(1)",
        "box: Box",
        BOX,
        BOX.replace("    @procedure\n", "    @staticmethod\n"),
    ),
    "the fields of a list are of another class": (
        "await self.boxes[0].put(1)",
        "boxes: list[Box]",
        BOX,
        "class Box: pass\n" + BOX.replace("Box", "Other"),
    ),
    "a field of a field is of another class": (
        "await self.shelf.box.put(1)",
        "shelf: Shelf",
        BOX + "@module\nclass Shelf:\n    box: Box\n",
        BOX + "@module\nclass Shelf:\n    box: object\n",
    ),
    "a condition becomes a module": (
        "await self.gate.wait()",
        "gate: Gate",
        "Gate = Condition",
        "@module\nclass Gate:\n    @procedure\n    async def wait(self): await yield_now()\n",
    ),
    "a condition becomes anything": (
        "await self.gate.wait()",
        "gate: Gate",
        "Gate = Condition",
        "Gate = object\n@module\nclass Waiting:\n    async def wait(self): pass\n",
    ),
    "an operation of the network is one of a module": (
        "await io.listen(1)",
        "",
        "from duality import net as io",
        "@module\nclass IO:\n    async def listen(self, port): pass\nio = None",
    ),
    "a number is a module that was built outside": (
        "print(it)\n        await yield_now()",
        "",
        "it = 1",
        "@module\nclass It: pass\nit = It()",
    ),
    "a name means a class of modules": (
        "print(it)\n        await yield_now()",
        "",
        "it = 1",
        "@module\nclass it:\n    async def p(self): pass",
    ),
    "a plain class becomes one of modules": (
        "print(It)\n        await yield_now()",
        "",
        "class It: pass",
        "@module\nclass It:\n    async def p(self): pass",
    ),
    "a helper says that it is the standard library's": (
        "await act()",
        "",
        "async def act(): await yield_now()",
        "async def act(): await yield_now()\nact.__module__ = 'asyncio.tasks'",
    ),
    "another file is named like ours": (
        "lib.lonely(1)\n        await yield_now()",
        "",
        "import types\nlib = types.ModuleType('lib')\nlib.lonely = None",
        "import types\nlib = types.ModuleType('duality')\nlib.lonely = None",
    ),
    "a scope is somebody else's": (
        "async with group() as g:\n            pass",
        "",
        "from duality import scope as group",
        "@module\nclass group:\n    async def __aenter__(self): return 1\n    async def __aexit__(self, *e): pass",
    ),
    "what is looked up may be rebound": (
        "x = [act, await yield_now()]",
        "",
        "def act(): pass",
        "act = 4",
    ),
    "what is awaited is known to be ours": (
        "await it.go()",
        "",
        "it = None\n@module\nclass It:\n    async def go(self): pass\n",
        "import types\nasync def go(): pass\nit = types.ModuleType('it')\nit.go = go\n"
        "@module\nclass It:\n    async def go(self): pass\n",
    ),
    "a built-in name is the spec's": (
        "assert await act(), 1",
        "",
        "async def act(): await yield_now()",
        "async def act(): await yield_now()\nAssertionError = KeyError",
    ),
    "what a loop goes through holds nothing any more": (
        "big = [1]\n        for x in pairs(big):\n            await yield_now()",
        "",
        "pairs = zip",
        "def pairs(x): return [1]",
    ),
    "a mark says something else": (
        "await yield_now()\n    @mark\n    async def p(self):\n        await yield_now()",
        "",
        "mark = entry",
        "mark = procedure",
    ),
}  # fmt: skip


def outcome(module: ModuleType, side: str) -> Any:
    """The program of ``Main``, or why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = program(module.Main, side)
    except SpecError as error:
        return str(error)
    return made.text, [(plain(one)[:-1], *plain(one)[-1]) for one in made.products]


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """``worlds(text, first, second)``: the outcome of one spec beside one file and then another."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def worlds(text: str, *others: str, side: str, kept: str = "kept") -> list[Any]:
        seen = []
        monkeypatch.setenv("DUALITY_CACHE", str(tmp_path / kept) if kept else "off")
        for other in others:
            monkeypatch.setattr(declared, "_procedure_names", set())  # each world has declared its own
            loaded(tmp_path / "other.py", HEAD + other + "\n")
            seen.append(outcome(loaded(tmp_path / "app.py", text), side))
        return seen

    return worlds


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_made_in_another_world_is_not_found(worlds: Callable[..., list[Any]], change: str, side: str) -> None:
    body, fields, before, after = CHANGES[change]
    text = MAIN.format(bases="", parameters="", fields=fields, body=body)
    right = worlds(text, before, after, side=side, kept="")
    assert (right[0] == right[1]) == (ONE_SIDE.get(change, side) != side), "does this change make a difference?"
    assert worlds(text, before, after, side=side, kept="there") == right
    assert worlds(text, after, before, side=side, kept="back") == right[::-1]


@pytest.mark.parametrize("side", SIDES)
def test_a_base_class_in_another_file_is_part_of_the_world(worlds: Callable[..., list[Any]], side: str) -> None:
    text = MAIN.format(bases="(Base)", parameters="", fields="", body="return await super().main()")
    base = "@module\nclass Base:\n    {mark}\n    async def main(self{more}): await yield_now()"
    first, *others = (base.format(mark=mark, more=more) for mark, more in (("", ""), ("@entry", ""), ("", ", x")))
    for other in others:
        right = worlds(text, first, other, side=side, kept="")
        assert right[0] != right[1]
        assert worlds(text, first, other, side=side) == right


@pytest.mark.parametrize("side", SIDES)
def test_an_annotation_of_a_parameter_is_part_of_the_world(worlds: Callable[..., list[Any]], side: str) -> None:
    for annotation in ("Box", "'Box'"):
        text = MAIN.format(bases="", parameters=f", box: {annotation}", fields="", body="await box.put(1)")
        for other in (
            "Box = object\n@module\nclass Other:\n    async def put(self, x): pass",
            BOX.replace("x)", "x, y)"),
        ):
            right = worlds(text, BOX, other, side=side, kept="")
            assert right[0] != right[1]
            assert worlds(text, BOX, other, side=side) == right


@pytest.mark.parametrize("side", SIDES)
def test_a_subclass_that_takes_what_its_base_does_not_is_part_of_the_world(
    worlds: Callable[..., list[Any]], side: str
) -> None:
    text = MAIN.format(bases="", parameters="", fields="box: Box", body="await self.box.put(1, 2)")
    more = BOX + "@module\nclass Tall(Box):\n    @procedure\n    async def put(self, x, y): await yield_now()"
    right = worlds(text, more, BOX, side=side, kept="")
    assert "takes 2 positional arguments" in right[1]
    assert worlds(text, more, BOX, side=side) == right


def test_what_a_closure_holds_is_part_of_the_world(tmp_path: Path) -> None:
    text = HEAD + (
        "async def one(x): await yield_now()\ndef two(x): pass\ndef made(act):\n    @module\n    class Main:\n"
        "        @procedure\n        async def main(self):\n            x = [act, await yield_now()]\n    return Main\n"
    )
    module = loaded(tmp_path / "app.py", text)
    texts = [program(module.made(act), "events").products[0].words.helpers for act in (module.one, module.two)]
    assert texts == [("act",), ()]


@pytest.mark.parametrize(
    "change", [("step", "stride"), ("total\n", "total  # the sum\n"), ("\n@module", "\n\n@module")]
)
def test_another_source_is_another_entry(kept_in: Path, tmp_path: Path, change: tuple[str, str]) -> None:
    program(loaded(tmp_path / "app.py", TEXT).app, "events")
    assert found(loaded(tmp_path / "app.py")) is not None
    assert found(loaded(tmp_path / "app.py", TEXT.replace(*change))) is None
    assert found(loaded(tmp_path / "same.py", TEXT)) is None, "the file is in every traceback"


def test_another_compiler_another_python_another_side_is_another_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = loaded(tmp_path / "app.py", TEXT)
    program(module.app, "events")
    assert found(module, "threads") is None
    mine = cache._compiler()
    for other in ("-O", "-Xno_debug_ranges"):
        code = "from duality.compiler import cache; print(cache._compiler().hex())"
        told = subprocess.run([sys.executable, other, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
        assert told.stdout.strip() != (mine or b"").hex()
    monkeypatch.setattr(cache, "_compiler", lambda: hashlib.blake2b(b"another").digest())
    assert found(module) is None
    monkeypatch.setattr(cache, "_compiler", lambda: mine)
    assert found(module) is not None


def test_what_is_refused_or_warned_of_is_said_again(kept_in: Path, tmp_path: Path) -> None:
    refused = HEAD + "@module\nclass Main:\n    async def main(self):\n        async def inner(): pass\n"
    warned = HEAD + (
        "@module\nclass Main:\n    gate: Condition = field(factory=Condition)\n"
        "    @entry\n    async def main(self):\n        await self.gate.wait()\n"
    )
    for _ in range(2):
        with pytest.raises(SpecError, match="inside a procedure"):
            program(loaded(tmp_path / "refused.py", refused).Main, "events")
        with pytest.warns(SyntaxWarning, match="Mesa"):
            program(loaded(tmp_path / "warned.py", warned).Main, "events")
    assert entries(kept_in) == []


def test_what_cannot_be_described_is_not_kept(kept_in: Path, tmp_path: Path) -> None:
    text = TEXT.replace("total = start", "total = start, ODD").replace("total += step", "pass") + (
        "class Odd:\n    def __eq__(self, other): raise ValueError\n    __hash__ = None\nODD = Odd()\n"
    )
    module = loaded(tmp_path / "app.py", text)
    program(module.app, "threads")
    assert entries(kept_in) == []
    procedure = read(vars(module.Main)["main"], module.Main)
    assert facts.facts(procedure.function, module.Main, procedure.first, facts.expressions(procedure)) is None


def test_a_class_that_is_not_its_body_any_more_is_refused_as_ever(tmp_path: Path) -> None:
    text = TEXT.replace("await yield_now()", "await self.aside()") + (
        "@module\nclass Other:\n    async def aside(self): pass\n"
    )
    text = text.replace("class Main:\n", "class Main:\n    async def aside(self): pass\n")
    program(loaded(tmp_path / "app.py", text).app, "events")
    assert found(loaded(tmp_path / "app.py")) is not None
    changed = loaded(tmp_path / "app.py")
    changed.Main.more = vars(changed.Main)["main"]
    assert found(changed) is None
    with pytest.raises(SpecError, match="was added after @module"):
        program(changed.Main, "events")


# -- the folder --------------------------------------------------------------------------------------------------------


def _damaged(whole: bytes) -> Iterator[bytes]:
    yield from (whole[:length] for length in (0, 5, 32, 33, len(whole) // 2, len(whole) - 1))
    yield from (whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in (0, 31, 40, len(whole) - 1))
    yield from (whole + b"\0", b"not ours", json.dumps({"text": "def main(self): pass"}).encode())


def test_an_entry_that_is_damaged_is_nothing_and_is_replaced(kept_in: Path, tmp_path: Path) -> None:
    program(loaded(tmp_path / "app.py", TEXT).app, "events")
    (entry,) = entries(kept_in)
    whole = entry.read_bytes()
    for damaged in _damaged(whole):
        entry.write_bytes(damaged)
        module = loaded(tmp_path / "app.py")
        assert found(module) is None
        assert run(module.app, "events").value == 4
        assert found(loaded(tmp_path / "app.py")) is not None


def test_an_entry_under_the_name_of_another_is_nothing(kept_in: Path, tmp_path: Path) -> None:
    module = loaded(tmp_path / "app.py", TEXT)
    program(module.app, "events")
    (one,) = entries(kept_in)
    program(module.app, "threads")
    (other,) = set(entries(kept_in)) - {one}
    other.write_bytes(one.read_bytes())
    assert found(module, "events") is not None
    assert found(module, "threads") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_an_entry_that_somebody_else_has_written_is_nothing(kept_in: Path, tmp_path: Path) -> None:
    module = loaded(tmp_path / "app.py", TEXT)
    program(module.app, "events")
    (entry,) = entries(kept_in)
    os.chown(entry, 65534, 65534)
    assert found(module) is None


@pytest.mark.parametrize("where", ["a file", "beneath a file", "off", "/dev/null/x", "/proc/none"])
def test_a_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "file").write_text("")
    named = {"a file": str(tmp_path / "file"), "beneath a file": str(tmp_path / "file" / "below")}
    monkeypatch.setenv("DUALITY_CACHE", named.get(where, where))
    for _ in range(2):
        assert run(loaded(tmp_path / "app.py", TEXT).app, "threads").value == 4
    assert (tmp_path / "file").read_text() == ""


def test_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUALITY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "duality"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "duality"
    monkeypatch.setenv("HOME", "relative")
    assert cache.folder() is None
    monkeypatch.setenv("DUALITY_CACHE", "off")
    assert cache.folder() is None


def test_the_oldest_go_when_there_is_no_room(kept_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SWEEP", 1)
    written = []
    for number in range(8):
        before = set(entries(kept_in))
        program(loaded(tmp_path / f"app{number}.py", TEXT).app, "events")
        (made,) = set(entries(kept_in)) - before
        os.utime(made, (number, number))
        written.append(made)
    monkeypatch.setattr(cache, "LIMIT", written[0].stat().st_size * 4 + 50)
    (kept_in / "somebody's own").write_text("x" * 100_000)
    program(loaded(tmp_path / "last.py", TEXT).app, "events")
    assert [path.exists() for path in written] == [False] * 5 + [True] * 3
    assert (kept_in / "somebody's own").exists()


def test_many_processes_may_write_at_once(kept_in: Path, tmp_path: Path) -> None:
    body = "        await yield_now()\n        return x\n"
    classes = (f"@module\nclass M{number}:\n    async def p(self, x):\n{body}" for number in range(20))
    (tmp_path / "app.py").write_text(HEAD + "".join(classes))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import app; from duality.compiler import program\n"
        "print([program(getattr(app, f'M{n}'), 'events').text for n in range(20)])"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [one.communicate()[0] for one in running]
    assert [one.returncode for one in running] == [0, 0, 0]
    assert said[0] == said[1] == said[2]
    assert len(entries(kept_in)) == 20
    assert not [path for path in entries(kept_in) if path.name.startswith(".new-")]
    module = loaded(tmp_path / "app.py")
    for number in range(20):
        cls = getattr(module, f"M{number}")
        assert cache.find(vars(cls)["p"], cls, "events") is not None


# -- what is kept in a process -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["events", "threads", "oracle"])
@pytest.mark.parametrize("where", ["on", "off"])
def test_what_was_made_of_a_function_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: str, where: str
) -> None:
    if where == "off":
        monkeypatch.setenv("DUALITY_CACHE", "off")
    text = HEAD + (
        "class Big: pass\ndef made():\n    big = Big()\n    @module\n    class Main:\n        @procedure\n"
        "        async def main(self):\n            await yield_now()\n            return type(big).__name__\n"
        "    return Main, big\n"
    )
    module = loaded(tmp_path / "app.py", text)
    held = []
    for _ in range(2):
        main, big = module.made()
        held.append(weakref.ref(big))
        assert run(application(lambda main=main: main()), side).value == "Big"
        del main, big
    gc.collect()
    assert [one() for one in held] == [None, None]


def test_each_closure_has_a_product_of_its_own(tmp_path: Path) -> None:
    text = HEAD + (
        "def made(big):\n    @module\n    class Main:\n        async def main(self):\n            return big\n"
        "    return Main\n"
    )
    module = loaded(tmp_path / "app.py", text)
    first, second = module.made(1), module.made(2)
    products = [compile_procedure(vars(one)["main"], one, "events") for one in (first, second, first)]
    assert products[0] is products[2]
    assert products[0] is not products[1]
    assert [one.bind(lambda *_: None).__closure__[0].cell_contents for one in products[:2]] == [1, 2]  # type: ignore[index]
