"""All that a random program imports, and the tests that read what it noted."""

from tests.compiler.fuzz.protocols import Closing, Door, Gate, Row, Steps, echo, numbers
from tests.compiler.fuzz.rooms import Base, Other, aside
from tests.compiler.fuzz.values import Bang, Boom, Crash, M, W, boom, chain, e, go, group, keep, note, tell, wrap

__all__ = [
    "Bang", "Base", "Boom", "Closing", "Crash", "Door", "Gate", "M", "Other", "Row", "Steps", "W", "aside", "boom",
    "chain", "e", "echo", "go", "group", "keep", "note", "numbers", "tell", "wrap",
]  # fmt: skip
