"""The page around everything: one file, light and dark, nothing fetched from anywhere.

Rule: the page forbids itself every request (its own Content-Security-Policy), so that what it shows is all in it.
"""

from html import escape
from importlib.resources import files

NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def page(title: str, body: str) -> str:
    """A whole document around ``body``, which is markup."""
    room = files("duality.view")
    style = room.joinpath("page.css").read_text(encoding="utf-8")
    script = room.joinpath("page.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n<script>\n{script}</script>\n</body>\n</html>\n"
    )


def section(anchor: str, title: str, lead: str, *parts: str) -> str:
    """A section with a heading and a sentence or two. lead: text; parts: markup."""
    return (
        f'<section id="{escape(anchor)}"><h2>{escape(title)}</h2>'
        f'<p class="lead">{escape(lead)}</p>{"".join(parts)}</section>'
    )


def folded(title: str, content: str, *, opened: bool = False, note: str = "") -> str:
    """``content`` that a reader can fold away."""
    said = f" <small>{escape(note)}</small>" if note else ""
    return f"<details{' open' if opened else ''}><summary>{escape(title)}{said}</summary>{content}</details>"


def inlined(svg: str) -> str:
    """A picture, to stand in the page itself: there it needs no namespace."""
    return f'<div class="picture">{svg.replace(NAMESPACE, "", 1)}</div>'
