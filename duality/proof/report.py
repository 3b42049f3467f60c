"""What was checked, as a file that is kept: what was run, how far it went, what was found, and by which versions.

Rules: the order is the caller's and the file's own, never a hash's; but for seconds, the same checks of the same files
give the same text. It is written beside and renamed, so that nobody reads half of it.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duality
from duality.graph import Edge
from duality.proof import sheet
from duality.proof.checked import Checked, declared, shares
from duality.proof.sources import compiler
from duality.proof.verdict import Finding, Setting, Verdict

FORMAT = 1


def source_hash(file: str) -> str:
    """What tells whether a spec has changed: 16 hexadecimal digits; "" if it cannot be read."""
    try:
        return blake2b(Path(file).read_bytes(), digest_size=8).hexdigest()
    except OSError:
        return ""


def as_data(checks: Sequence[Checked]) -> dict[str, Any]:
    """The whole report, made of what JSON knows."""
    verdicts = [one.verdict for one in checks if one.verdict is not None]
    return {
        "format": FORMAT,
        "versions": versions(),
        "totals": {
            "applications": len(checks),
            "held": sum(bool(one) for one in verdicts),
            "findings": sum(not one for one in verdicts),
            "refused": sum(bool(one.refused) for one in checks),
            "schedules": sum(one.schedules for one in verdicts),
            "runs": sum(one.runs for one in verdicts),
            "steps": sum(one.steps for one in verdicts),
            "seconds": {"wall": _round(one.wall for one in checks), "cpu": _round(one.cpu for one in checks)},
        },
        "checks": [_check(one) for one in checks],
    }


def versions() -> dict[str, str]:
    """Of everything that decides what a run does."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"duality": duality.__version__, "compiler": compiler(), "python": python}


def _check(one: Checked) -> dict[str, Any]:
    data: dict[str, Any] = {"file": one.file, "source": source_hash(one.file)}
    if one.app is not None:
        data |= {"application": one.app.name, "params": _shown(getattr(one.app, "params", {}))}
    if one.refused:
        return data | {"refused": one.refused}
    asked, verdict = one.asked, one.verdict
    data["asked"] = {
        "schedules": asked.schedules,
        "seed": asked.seed,
        "kinds": list(asked.kinds),
        "crossings": list(asked.crossings),
        "faults": asked.faults,
        "allow": list(asked.allow),
    }
    if one.app is not None:
        data["declared"] = declared(one.app)
    if verdict is not None:
        data |= _verdict(verdict, shares(one))
    data["explored"] = {on: dict(counts) for on, counts in one.explored.items()}
    data["seconds"] = {"wall": _round([one.wall]), "cpu": _round([one.cpu])}
    return data


def _verdict(verdict: Verdict, kinds: dict[str, int]) -> dict[str, Any]:
    return {
        "held": bool(verdict),
        "schedules": {"played": verdict.schedules, "by kind": kinds},
        "runs": verdict.runs,
        "steps": verdict.steps,
        "edges": {"walked": verdict.edges, "of": verdict.edges_total, "never": list(map(_edge, verdict.unwalked))},
        "allowed": dict(sorted(verdict.allowed.items())),
        "finding": _finding(verdict.finding, verdict.replay) if verdict.finding is not None else None,
    }


def _finding(found: Finding, replay: str | None) -> dict[str, Any]:
    return {
        "law": found.law,
        "said": found.said,
        "place": found.place,
        "step": found.step,
        "setting": _setting(found.setting),
        "as_found": _setting(found.as_found) if found.as_found is not None else None,
        "replay": replay,
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "params": _shown(setting.params),
        "crossing": setting.crossing,
        "word": list(setting.word),
        "leader": setting.leader,
        "faults": setting.faults,
        "seed": setting.seed,
    }


def _edge(edge: Edge) -> str:
    """An edge in words, with the lines of its two ends."""
    return f"{edge} (line {edge.source.line} to {edge.target.line})"


def _shown(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: repr(value) for name, value in params.items()}


def _round(seconds: Iterable[float]) -> float:
    return round(sum(seconds), 3)


def write(path: Path, checks: Sequence[Checked]) -> None:
    """Write the report, whole or not at all. Raises OSError."""
    sheet.write(path, as_data(checks))
