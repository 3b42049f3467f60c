"""Pictures and pages: what a compilation and a run look like, for people.

    beside.py     a generated program and the spec's lines beside it, as rows: what the terminal and the page both show
    highlight.py  Python as HTML, in the page's own colours
    programs.py   one spec, three readings, as HTML
    page.py       the page around everything: one file, light and dark, nothing fetched from anywhere
    report.py     what the demo found, as such a page

Floor 5, below the command line: knows nothing of terminals.
"""

from duality.view.beside import Row, beside

__all__ = ["Row", "beside"]
