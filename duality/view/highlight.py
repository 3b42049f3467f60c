"""Python as HTML, line by line, in the page's own colours.

Rule: classes, never colours: the page decides what a keyword looks like by day and by night.
"""

from collections.abc import Sequence
from html import escape

from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Name, Number, Operator, String  # type: ignore[import-untyped]

_CLASSES = (
    (Comment, "c"),
    (String, "s"),
    (Number, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Decorator, "d"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Builtin.Pseudo, "b"),
    (Name.Builtin, "b"),
)


def highlighted(lines: Sequence[str]) -> list[str]:
    """The markup of each of ``lines``, which are read as one text: a string over several lines stays one."""
    found = [""]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for kind, value in lexer.get_tokens("\n".join(lines)):
        name = _class_of(kind)
        for place, piece in enumerate(value.split("\n")):
            if place:
                found.append("")
            if piece:
                text = escape(piece)
                found[-1] += f'<span class="{name}">{text}</span>' if name else text
    return found[: len(lines)] + [""] * (len(lines) - len(found))


def _class_of(kind: object) -> str:
    return next((name for token, name in _CLASSES if kind in token), "")
