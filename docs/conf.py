"""Sphinx reads this. The build needs no network, and a warning is an error."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "duality"
author = "the duality authors"
copyright = "2026, the duality authors"
release = version = installed_version("duality")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "myst_nb",
    "duality_docs",  # docs/_ext: the table and the programs are quoted live
    "case_docs",  # the compiler's cases
    "language_docs",  # the language table, which leads to them
    "law_docs",  # the law, and the latest report of what it was held against
    "lesson_docs",  # how the cells of a lesson look
    "parameter_docs",  # parameters, one under the other
]

# A lesson is executed at every build, and a lesson that fails fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
maximum_signature_line_length = 110

exclude_patterns = ["_build", "_ext"]
html_theme = "furo"
html_title = "duality"
html_static_path = ["_static"]
html_css_files = ["duality.css"]
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
