"""How the cells of a lesson look on its page.

A cell that saves a file is shown as that file, under its name. What a cell prints is coloured as Python if the cell
is tagged ``python``; a cell tagged ``terminal`` shows a command, and keeps its lines as a terminal has them.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

WRITES = re.compile(r"%%writefile (\S+)\n")


def cells(tree: nodes.document, name: str) -> list[nodes.container]:
    """The containers that bear the class ``name``."""
    return [one for one in tree.findall(nodes.container) if name in one.get("classes", ())]


def show_files(app: Sphinx, tree: nodes.document) -> None:
    """The magic word that saves a cell is for the kernel; a reader saves the rest of it."""
    for cell in cells(tree, "cell_input"):
        for block in list(cell.findall(nodes.literal_block)):
            found = WRITES.match(block.rawsource) or WRITES.match(block.astext())
            if found is not None:
                text = block.astext()[found.end() :]
                shown = nodes.literal_block(text, text, language="python")
                title = nodes.paragraph(found[1], found[1], classes=["saved-as"])
                block.replace_self([title, shown])
                for said in cells(cell.parent, "cell_output"):
                    said.parent.remove(said)  # `Writing NAME`


def colour_programs(app: Sphinx, tree: nodes.document) -> None:
    """A program that a cell prints is Python."""
    for cell in cells(tree, "tag_python"):
        for said in cells(cell, "cell_output"):
            for block in said.findall(nodes.literal_block):
                block["language"] = "python"


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this once."""
    app.connect("doctree-read", show_files)
    app.connect("doctree-read", colour_programs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
