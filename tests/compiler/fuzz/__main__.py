"""A campaign: ``python -m tests.compiler.fuzz --examples 5000 --seed 7``.

Random programs until the number is reached. Each one that fails is made small, printed, and with ``--keep`` written to
the corpus, which every run of the tests replays.
"""

import argparse
import gc
import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings, target

from tests.compiler.fuzz.census import census
from tests.compiler.fuzz.compare import differences, load
from tests.compiler.fuzz.programs import programs
from tests.compiler.fuzz.reduce import reduced
from tests.compiler.fuzz.values import Crash, forget

os.environ["DUALITY_CACHE"] = "off"  # nobody runs these programs twice
PATIENCE = 60.0  # seconds that one failing program is made smaller for
CORPUS = Path(__file__).parents[1] / "corpus"


def difference(text: str, folder: Path, like: str = "") -> str | None:
    """The first difference of a program, or None. like: look only for one that begins like this one."""
    module = load(text, folder)
    gc.collect(1)
    gc.disable()  # or a generator of one run might be found to be garbage in another one, and say so there
    try:
        return next(differences(module.app, like), None)
    finally:
        forget()
        gc.enable()
        Path(str(module.__file__)).unlink()


def kind(found: str | None) -> str:
    """What sort of difference it is: what it says, without places and numbers."""
    return re.sub(r"/\S*:\d+|\d+", "", "\n".join((found or "").splitlines()[:4]))


class Campaign:
    """``failures`` has each failing program, reduced, with its difference; at most ``limit`` of them."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.count = 0
        self.failures: list[tuple[str, str]] = []

    def run(self, examples: int, start: int, size: int, targeted: bool = False) -> None:
        """Try ``examples`` programs. targeted: look for those with more rests than the ones before."""
        phases = [Phase.generate, Phase.target] if targeted else [Phase.generate]

        @seed(start)
        @settings(
            max_examples=examples, deadline=None, database=None, phases=phases, suppress_health_check=list(HealthCheck)
        )
        @given(programs(size))
        def search(text: str) -> None:
            self.count += 1
            if targeted:
                found = census(text)
                target(float(sum(found[name] for name in ("Await", "Yield", "AsyncFor", "AsyncWith"))))
            if len(self.failures) < self.limit and (found := difference(text, self.folder)):
                self.failed(text, found)

        search()

    def failed(self, text: str, found: str) -> None:
        """Make a failing program small and show it."""

        enough = time.monotonic() + PATIENCE

        def fails(smaller: str) -> bool:
            if time.monotonic() > enough:
                return False
            try:
                return "class Main" in smaller and kind(difference(smaller, self.folder, found)) == kind(found)
            except (Exception, Crash):  # not a program any more
                return False

        small = reduced(text, fails)
        if any(small == known for known, _ in self.failures):  # hypothesis tries what resembles a program it has drawn
            return
        self.failures.append((small, str(difference(small, self.folder, found))))
        print(f"{small}\n# after {self.count} programs: {self.failures[-1][1]}\n", flush=True)


def count(examples: int, start: int, size: int) -> int:
    """Print how often each construct occurs in so many programs, the rarest last."""
    found: Counter[str] = Counter()

    @seed(start)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(programs(size))
    def draw(text: str) -> None:
        found.update(census(text))

    draw()
    print("\n".join(f"{number:6} {name}" for name, number in found.most_common()))
    return 0


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=60, help="about how many expressions a procedure has")
    parser.add_argument("--limit", type=int, default=5, help="stop comparing after so many failures")
    parser.add_argument("--census", type=int, metavar="N", help="only count what N programs are made of")
    parser.add_argument("--target", action="store_true", help="look for programs with many rests")
    parser.add_argument("--keep", action="store_true", help="write failing programs to the corpus")
    options = parser.parse_args()
    if options.census:
        return count(options.census, options.seed, options.size)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder), options.limit)
        campaign.run(options.examples, options.seed, options.size, options.target)
    for number, (text, found) in enumerate(campaign.failures if options.keep else ()):
        comment = "".join(f"# {line}\n" for line in found.splitlines())
        (CORPUS / f"seed_{options.seed}_{number}.py").write_text(f"{comment}# ruff: noqa\n{text}")
    print(f"{campaign.count} programs in {time.perf_counter() - began:.0f} s, {len(campaign.failures)} failed")
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
