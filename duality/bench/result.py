"""What a benchmark hands over: every raw sample, what is claimed of them, and the machine they come from."""

import json
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from duality.bench.arithmetic import Spread, ratio, spread
from duality.bench.marks import CLAIMS, Claim

FORMAT = 1  # of the JSON file; another number means that old readers would misread it


@frozen
class Sample:
    """One measurement in one process. value: in ``unit``.   raw: what the value was computed from.

    command: what was run, as one would type it.
    """

    measure: str
    contender: str
    round: int
    value: float
    unit: str
    raw: dict[str, Any]
    command: list[str]


@frozen
class Finding:
    """A claim and what came of it; ``verdict`` is empty where there is no mark."""

    claim: Claim
    ratio: Spread
    verdict: str


@frozen
class Result:
    """A whole benchmark. missing: a sentence for everything that could not be measured, with its cause."""

    machine: dict[str, str]
    samples: list[Sample] = field(factory=list)
    missing: list[str] = field(factory=list)

    def by_round(self, measure: str, contender: str) -> dict[int, float]:
        """The values of one contender, by number of round; empty if it was not measured."""
        chosen = (one for one in self.samples if (one.measure, one.contender) == (measure, contender))
        return {one.round: one.value for one in chosen}

    def values(self) -> dict[tuple[str, str], Spread]:
        """The spread of every contender that was measured, by measure and name, in order of appearance."""
        names = dict.fromkeys((one.measure, one.contender) for one in self.samples)
        return {name: spread(self.by_round(*name).values()) for name in names}

    def findings(self) -> list[Finding]:
        """Every claim whose two sides were measured in a common round."""
        found = []
        for claim in CLAIMS:
            above = self.by_round(claim.measure, claim.above)
            below = self.by_round(claim.measure, claim.below)
            if above.keys() & below.keys():
                measured = ratio(above, below)
                verdict = claim.mark.verdict(measured.median) if claim.mark else ""
                found.append(Finding(claim, measured, verdict))
        return found

    def as_json(self) -> dict[str, Any]:
        """The result as plain data: ``format machine findings samples missing``."""
        return {
            "format": FORMAT,
            "machine": self.machine,
            "findings": [attrs.asdict(one) for one in self.findings()],
            "samples": [attrs.asdict(one) for one in self.samples],
            "missing": self.missing,
        }

    def save(self, path: Path) -> None:
        """Write the JSON file. Raises OSError."""
        path.write_text(json.dumps(self.as_json(), indent=1) + "\n")
