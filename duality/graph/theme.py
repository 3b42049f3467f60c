"""How each kind of node looks, and how much room its text takes.

Two rules hold in this file:

1. Shape and colour say the same thing twice, so the picture survives a printer and a colour-blind reader.
2. All text is set in a fixed-pitch face: its width is then arithmetic, and "labels fit into their boxes" a law to test.
"""

from unicodedata import east_asian_width

from attrs import frozen

FONT = "ui-monospace, 'DejaVu Sans Mono', 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace"
"""Faces whose letters are at most ``PITCH`` of the font size wide."""

PITCH = 0.605
"""Width of a letter as a fraction of the font size (DejaVu Sans Mono and Menlo 0.602, Courier 0.600, Consolas 0.55)."""


@frozen
class Look:
    """How one kind is drawn: an outline known to ``shapes.py``, a pale fill, a strong stroke, a Graphviz shape."""

    shape: str
    fill: str
    stroke: str
    dot: str


LOOKS = {
    "begin": Look("stadium", "#e8eaee", "#39424e", "oval"),
    "enter": Look("door", "#dce9fb", "#1f5fbf", "cds"),
    "call": Look("bars", "#ebe6fa", "#6241b5", "component"),
    "wait": Look("octagon", "#fff0c9", "#9a5500", "octagon"),
    "join": Look("funnel", "#fbe3ee", "#b02a6b", "invtrapezium"),
    "io": Look("card", "#d9f2e4", "#0b7050", "note"),
    "sleep": Look("round", "#d8f2f5", "#0f6f80", "box"),
    "yield": Look("dashed", "#ffffff", "#5d6673", "box"),
    "produce": Look("leaf", "#e4f2d3", "#3f6212", "house"),
    "reply": Look("tag", "#f3f0d2", "#6a5f00", "parallelogram"),
    "end": Look("double", "#e8eaee", "#39424e", "oval"),
}
"""One look per kind of ``node.KINDS``."""

PLAIN = Look("box", "#f3f4f6", "#39424e", "box")
"""The look of every other kind."""


def look(kind: str) -> Look:
    """The look of a kind, known or not."""
    return LOOKS.get(kind, PLAIN)


def text_width(text: str, size: float) -> float:
    """Width in pixels of ``text`` set in ``FONT`` at ``size`` pixels; never less than what a viewer will use."""
    columns = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return columns * PITCH * size


def printable(text: str) -> str:
    """One line, and only characters XML can hold: runs of blanks become one space, the unprintable a ``\\ufffd``."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` letters, the middle giving way: the object at the front and the verb at the end say most."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"
