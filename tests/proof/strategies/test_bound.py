"""What is drawn reads no name that may have no value: a program that ends with that tells nothing of who runs when."""

import pytest

from duality.proof.strategies import spec_of
from duality.proof.strategies.chance import Rolled
from tests.proof.strategies.unbound import unbound

# (body of a function of `a` and `b`, the names in it that may be unbound)
BODIES = [
    ("return a", []),
    ("return x", ["x"]),
    ("x = a\nreturn x", []),
    ("if a:\n    x = b\nreturn x", ["x"]),
    ("if a:\n    x = b\nelse:\n    x = a\nreturn x", []),
    ("for x in a:\n    pass\nreturn x", ["x"]),
    ("for x in a:\n    b(x)", []),
    ("try:\n    x = await a()\nfinally:\n    b(x)", ["x"]),
    ("x = 1\ntry:\n    x = await a()\nfinally:\n    b(x)", []),
    ("try:\n    x = await a()\nexcept KeyError as error:\n    b(error)\nb(x)", ["x"]),
    ("try:\n    x = await a()\nexcept KeyError:\n    return\nb(x)", []),
    ("try:\n    a()\nexcept KeyError as error:\n    b(error)\nb(error)", ["error"]),
    ("with a() as x:\n    y = b()\nreturn x", []),
    ("with a() as x:\n    y = b()\nreturn y", ["y"]),
    ("async with a() as x:\n    y = b()\nreturn y", ["y"]),
    ("x = a\ndel x\nreturn x", ["x"]),
    ("return [c + a for c in b]", []),
    ("if a:\n    x = b\nreturn [c + x for c in b]", ["x"]),
    ("x = 1\nreturn [await c(x) for c in b]", []),
    ("x, y = a\nreturn x + y", []),
    ("return len(a) + size(b)", ["size"]),
]


@pytest.mark.parametrize(("body", "names"), BODIES, ids=[body.replace("\n", "; ") for body, _ in BODIES])
def test_the_judge_knows_what_may_be_unbound(body, names):
    text = "async def p(a, b):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    if "size" not in names:
        text += "\nsize = 1\n"
    assert sorted({one.rpartition(": ")[2] for one in unbound(text)}) == names


def test_no_drawn_program_reads_what_may_be_unbound():
    for seed in ("bound", "7000"):
        for number in range(300):
            spec = spec_of(Rolled(f"{seed}/{number}"))
            assert unbound(spec.text) == [], f'spec_of(Rolled("{seed}/{number}")): {spec.text}'
