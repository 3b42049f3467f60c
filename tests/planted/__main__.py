"""``python -m tests.planted``: plant every fault, one after the other, and write the page of the docs that says how."""

import os
import sys
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

from tests.planted.catalogue import CATALOGUE
from tests.planted.catching import PATIENCE, SCHEDULES, SEED, caught

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "planted.md"
HEAD = """# Planted faults

<!-- Written by `make planted`. -->

A law that nothing can break says nothing. So the machine is broken on purpose: each line below is a few characters in
one function, of what all runtimes share, of the I/O core, of one runtime or of one pass of the compiler, and a check of
a small application (`tests/planted/suite.py`) is to notice. *Broken* is the law that it found broken
([what each means](check.md)); *schedules*: how many it had played by then, of at most {schedules}, with seed {seed}.
Faults of what all share are no difference between the runtimes: what the application itself asserts finds those.

"""


COLUMNS = "| fault | in | checked | broken | schedules |\n|---|---|---|---|---|\n"


def main() -> int:
    """Print the table, and write it; 1 if a fault got past."""
    os.environ["DUALITY_CACHE"] = "off"
    import_module("duality.proof.check").shrunk = lambda case, finding: (finding, False)  # nobody looks at them
    began, laws, past = time.perf_counter(), Counter[str](), 0
    text = HEAD.format(schedules=SCHEDULES, seed=SEED)
    for room, faults in CATALOGUE.items():
        text += (
            f"## {room[0].upper()}{room[1:]}\n\n| fault | in | checked | broken | schedules |\n|---|---|---|---|---|\n"
        )
        for fault in faults:
            found = caught(fault)
            law, count = (found.law, found.schedules) if found is not None else ("**nothing**", SCHEDULES)
            laws[law] += 1
            past += found is None
            text += f"| {fault.what} | `{fault.where.__module__.removeprefix('duality.')}.{fault.where.__qualname__}` "
            text += f"| {fault.on} | {law} | {count} |\n"
            print(f"{fault.what:70} {fault.on:10} {law} {count}", flush=True)
        text += "\n"
    every = sum(laws.values())
    text += (
        f"{every} faults, {every - past} caught: " + ", ".join(f"{law} {n}" for law, n in laws.most_common()) + ".\n"
    )
    if "contradiction" in laws:
        text += "\n*contradiction*: a task rests where its own runtime's mechanism says it does not.\n"
    if "no end" in laws:
        text += f"\n*no end*: a run did not end within {PATIENCE} seconds.\n"
    PAGE.write_text(text)
    print(f"{every} faults, {past} got past, in {time.perf_counter() - began:.0f} s")
    return 1 if past else 0


if __name__ == "__main__":
    sys.exit(main())
