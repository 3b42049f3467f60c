"""What the global names of a procedure mean: verbs, helpers, modules, other files; all else is left alone."""

import asyncio
from collections.abc import Callable
from types import ModuleType

import pytest

import duality
from duality.compiler.names import names, resolved, verb, words
from duality.compiler.read import read
from duality.spec import io, verbs

Spec = Callable[[str], ModuleType]
FILE = """\
import math, duality, asyncio
import duality as whole, asyncio.tasks as tasks
from duality import sleep as nap
import duality.compiler.fits as shop

@module
class Room:
    pass

async def helper():
    pass

async def feed():
    yield 1

def plain():
    pass

class Tool:
    async def work(self):
        pass

table = {{"sleep": nap}}
tool = Tool()
other = helper

@module
class Main:
    async def p(self, room):
        {body}
"""


def found(spec: Spec, body: str) -> dict[str, object]:
    """What is found in ``body``, without what is found nowhere."""
    module = spec(FILE.format(body=body))
    told = words(read(module.Main.p, module.Main))
    fields = {name: getattr(told, name) for name in ("verbs", "helpers", "facades", "modules", "files")}
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await sleep(1)", {"verbs": {"sleep": "sleep"}}),
        ("await nap(1)", {"verbs": {"nap": "sleep"}}),
        ("send(room.put, now())", {"verbs": {"send": "send", "now": "now"}}),
        ("await net.connect('', 0), disk", {"verbs": {"net": "net", "disk": "disk"}}),
        ("await anext(room)", {"verbs": {"anext": "anext"}}),
        ("aiter(room), next(room)", {}),
        ("await helper()", {"helpers": ("helper",)}),
        ("await other(), helper", {"helpers": ("helper", "other")}),
        ("async for x in feed(): pass", {"helpers": ("feed",)}),
        ("plain(), table, tool, math.pi", {}),
        ("Room(), Tool()", {"modules": ("Room",)}),
        ("Main(), Room", {"modules": ("Main", "Room")}),
        ("await duality.sleep(1)", {"facades": ("duality",)}),
        ("await whole.sleep(1)", {"facades": ("whole",)}),
        # A name that the procedure binds itself means nothing here.
        ("sleep = room; await sleep(1)", {}),
        ("helper = Room = duality = room; helper, Room, duality", {}),
        ("lambda helper: helper", {"helpers": ("helper",)}),
        # What is reached through a file.
        ("await asyncio.sleep(1)", {"files": {"asyncio": ("asyncio.sleep",)}}),
        ("await asyncio.tasks.sleep(1)", {"files": {"asyncio": ("asyncio.tasks.sleep",)}}),
        (
            "asyncio.wait, asyncio.sleep, asyncio.wait, tasks.sleep",
            {"files": {"asyncio": ("asyncio.wait", "asyncio.sleep"), "tasks": ("tasks.sleep",)}},
        ),
        ("asyncio.Queue, math.sin(1), shop.fits", {}),
        ("await tool.work()", {}),
        ("await Tool.work(tool)", {}),
        ("asyncio = room; await asyncio.sleep(1)", {}),
        ("room.sleep.wait, room.asyncio.sleep", {}),
    ],
)
def test_what_a_name_means(spec: Spec, body: str, expected: dict[str, object]) -> None:
    assert found(spec, body) == expected


def test_what_a_program_is_given_it_does_not_look_up(spec: Spec) -> None:
    module = spec(FILE.format(body="await nap(1), helper(), asyncio.sleep(1), duality.now(), Room(), plain()"))
    assert words(read(module.Main.p, module.Main)).free == {"nap", "helper", "asyncio", "duality"}


def test_names_are_resolved_as_they_stand_now(spec: Spec) -> None:
    module = spec(FILE.format(body="await nap(1), other(), asyncio.tasks.sleep(1), asyncio.wait(x), duality.x, Room()"))
    procedure = read(module.Main.p, module.Main)
    now = names(procedure)
    assert now.verbs == {"nap": "sleep"}
    assert now.helpers == {"other": module.helper}
    assert now.facades == ("duality",)
    assert now.modules == (module.Room,)
    assert now.files == {"asyncio": {"asyncio.tasks.sleep": asyncio.sleep, "asyncio.wait": asyncio.wait}}
    assert now.functions == [module.helper, asyncio.sleep, asyncio.wait]
    module.other = module.feed
    assert names(procedure).helpers == {"other": module.feed}
    module.other = module.plain
    assert names(procedure).helpers == {}


def test_words_are_resolved_by_any_lookup(spec: Spec) -> None:
    module = spec(FILE.format(body="await other(), asyncio.sleep(1), Room()"))
    found = words(read(module.Main.p, module.Main))
    elsewhere = {"other": test_words_are_resolved_by_any_lookup, "asyncio": asyncio.tasks, "Room": int}
    now = resolved(found, elsewhere.__getitem__)
    assert now.helpers == {"other": test_words_are_resolved_by_any_lookup}
    assert now.files == {"asyncio": {"asyncio.sleep": asyncio.sleep}}
    assert now.modules == (int,)


@pytest.mark.parametrize("name", sorted({*vars(verbs)} & {*duality.__all__}))
def test_every_verb_is_known_by_its_own_name(name: str) -> None:
    assert verb(getattr(duality, name)) == name


@pytest.mark.parametrize(
    ("value", "which"),
    [(io.net, "net"), (io.disk, "disk"), (anext, "anext"), (None, None), ([], None), (aiter, None), (found, None)],
)
def test_what_else_is_bound_like_a_verb(value: object, which: str | None) -> None:
    assert verb(value) == which
