"""Ask the compiler for both programs of a spec, so that what is printed is what runs.

One reader for three places: the documentation's ``programs`` directive, the README, and the test that keeps it true.
"""

from __future__ import annotations

import importlib.util
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType

import attrs

from duality import Application
from duality.compiler import Product, program


@attrs.frozen
class Quoted:
    """One spec in its three readings: the texts of the procedures asked for, in the order asked."""

    spec: str
    events: str
    threads: str


def load(path: Path) -> ModuleType:
    """Import the spec at ``path``, afresh and under a name that no installed module has."""
    name = f"quoted_{path.stem}"
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def application_in(module: ModuleType) -> Application:
    """The first application of a spec; ValueError if it has none."""
    for value in vars(module).values():
        if isinstance(value, Application):
            return value
    raise ValueError(f"{module.__file__} has no @application")


def quote(path: Path, procedures: Sequence[str] = ()) -> Quoted:
    """Both generated programs of the spec at ``path``: of ``procedures`` (qualified names), or of all it has."""
    application = application_in(load(path))
    events = _chosen(program(application, on="events").products, procedures)
    threads = _chosen(program(application, on="threads").products, procedures)
    return Quoted(
        spec=_joined(product.spec for product in events),
        events=_joined(product.text for product in events),
        threads=_joined(product.text for product in threads),
    )


def _chosen(products: Iterable[Product], procedures: Sequence[str]) -> list[Product]:
    by_name = {product.qualname: product for product in products}
    return [by_name[name] for name in procedures or by_name]


def _joined(texts: Iterable[str]) -> str:
    return "\n\n\n".join(textwrap.dedent(text).strip("\n") for text in texts) + "\n"
