"""A campaign: ``python -m tests.compiler.fuzz --examples 5000 --seed 7``.

Random programs until one fails or the number is reached; a failing one is shrunk, printed, and kept in the corpus.
"""

import argparse
import collections
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.compiler.fuzz.compare import differences, load
from tests.compiler.fuzz.programs import programs

CORPUS = Path(__file__).parents[1] / "corpus"


class Difference(AssertionError):
    """The compiled program is not the spec."""


def campaign(examples: int, start: int, size: int) -> str | None:
    """Run ``examples`` programs; the shrunk text and its difference if one fails, else None."""
    counts: collections.Counter[str] = collections.Counter()
    last: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:

        @seed(start)
        @settings(
            max_examples=examples, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck), report_multiple_bugs=False, print_blob=False,
        )  # fmt: skip
        @given(programs(size))
        def search(text: str) -> None:
            counts["examples"] += 1
            module = load(text, Path(folder))
            found = next(differences(module.app), None)
            Path(str(module.__file__)).unlink()
            if found:
                last["text"], last["difference"] = text, found
                raise Difference(found)

        try:
            search()
        except Difference:
            return f"{last['text']}\n# {last['difference']}".replace("\n  ", "\n  ")
        finally:
            print(f"{counts['examples']} programs", file=sys.stderr)
    return None


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=60)
    options = parser.parse_args()
    began = time.perf_counter()
    found = campaign(options.examples, options.seed, options.size)
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    if found is None:
        return 0
    print(found)
    return 1


if __name__ == "__main__":
    sys.exit(main())
