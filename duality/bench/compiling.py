"""What compiling costs: a thousand lines of spec, the first time and from the cache, each in a process of its own.

Rules: the lines are real ones, the modules of ``duality/web`` over and over, in files of their own; what is timed is
all that lies between loaded files and programs that can be bound; nothing of an earlier sample is left.
"""

import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duality.web
from duality.bench.process import BenchError, cores, output, python
from duality.bench.result import Sample
from duality.compiler import program
from duality.spec.module import is_module

MEASURE = "compile"
FIRST, AGAIN = "first time", "from the cache"
CONTENDERS = tuple(f"{side}, {way}" for side in ("threads", "events") for way in (FIRST, AGAIN))
UNIT = "ms of processor per 1,000 lines"
SPECS = ("cache", "server")  # those of the web server's files that have modules in them


def measure(contender: str, number: int, lines: int = 1_000) -> Sample:
    """One sample of one of ``CONTENDERS``. Raises BenchError."""
    side, way = contender.split(", ")
    with tempfile.TemporaryDirectory() as folder:
        run = python("duality.bench.compiling", folder, side, lines)
        said = [output(run, cores()[0]) for _ in range(2 if way == AGAIN else 1)]
    raw: dict[str, Any] = json.loads(said[-1])
    if raw["found"] != (raw["kept"] if way == AGAIN else 0):
        raise BenchError(f"{contender}: {raw['found']} of {raw['kept']} entries were there before.")
    return Sample(MEASURE, contender, number, raw["seconds"] * 1e6 / raw["lines"], UNIT, raw, run)


def main(folder: str, side: str, lines: int) -> dict[str, Any]:
    """Compile so many lines, with the cache in ``folder``; the raw numbers."""
    kept = Path(folder, "kept")
    os.environ["DUALITY_CACHE"] = str(kept)
    found = len(list(kept.glob("*")))
    count, names = write(Path(folder), lines)
    sys.path.insert(0, folder)
    classes = list(_modules(names))
    began = time.process_time()
    made = [product for cls in classes for product in program(cls, side).products]
    seconds = time.process_time() - began
    products = len({product.function for product in made})
    return {"seconds": seconds, "lines": count, "products": products, "found": found, "kept": len(list(kept.glob("*")))}


def write(folder: Path, lines: int) -> tuple[int, list[str]]:
    """Write at least so many lines of spec; how many, and the names of the files."""
    count = 0
    names: list[str] = []
    while count < lines:
        number = len(names) // len(SPECS)
        for name in SPECS:
            text = Path(duality.web.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
            for other in SPECS:
                text = text.replace(f"duality.web.{other}", f"spec_{other}_{number}")
            names.append(f"spec_{name}_{number}")
            (folder / f"{names[-1]}.py").write_text(text, encoding="utf-8")
            count += text.count("\n")
    return count, names


def _modules(names: list[str]) -> Iterator[type]:
    for name in names:
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and is_module(value) and value.__module__ == name:
                yield value


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
