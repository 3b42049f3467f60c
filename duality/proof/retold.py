"""A failed test, kept so that it can be played again: the choices of each of its runs, and their traces to read.

Rule: a replay of a test, or of a spec, that is no longer what it was is refused; it would show something else.
"""

import json
import os
import re
import shlex
from collections.abc import Sequence
from typing import Any

from attrs import field, frozen

from duality.proof import sheet
from duality.proof.report import source_hash, versions
from duality.proof.schedule import ScheduleError
from duality.proof.trial import Trial
from duality.proof.verdict import Finding, Setting

FOLDER = ".duality"
KIND = "a test that failed"


@frozen
class Call:
    """One call of ``duality_run``: what was run, how, what was seen, and what was found."""

    app: Any
    setting: Setting
    trials: tuple[Trial, ...]
    found: tuple[Finding, ...]


@frozen
class Retold:
    """A replay file that was read.   test: the name pytest gives it.   calls: of ``duality_run``, in order, as data."""

    path: str
    test: str
    calls: Sequence[dict[str, Any]] = field(factory=tuple)

    def call(self, number: int, app: Any) -> Setting:
        """How call ``number``, of ``app``, was made. Raises ScheduleError if this is not what was kept."""
        if number >= len(self.calls):
            raise ScheduleError(f"{self.path} has {len(self.calls)} runs, and this test makes one more")
        kept = self.calls[number]
        if kept["application"] != app.name:
            raise ScheduleError(f"{self.path}: run {number} was of {kept['application']}, and is of {app.name} now")
        if kept["source"] != source_hash(app.file):
            raise ScheduleError(f"{app.file} has changed since {self.path} was written: its choices mean nothing now")
        word = tuple(int(choice) for choice in kept["word"])
        return Setting(crossing=kept["crossing"], word=word, leader=kept["leader"], seed=kept["seed"])


def read(path: str) -> Retold:
    """The replay file at ``path``. Raises ValueError with one sentence if it is none."""
    data = sheet.read(path, ValueError)
    if not isinstance(data, dict) or data.get("replays") != KIND:
        raise ValueError(f"{path}: this is no replay file of a test; one of `duality check` is played by that command")
    now, then = versions(), data.get("versions", {})
    for name in ("duality", "compiler"):
        if then.get(name) != now[name]:
            raise ValueError(f"{path}: written by {name} {then.get(name)}; {now[name]} may offer other choices")
    return Retold(path, data["test"], data["calls"])


def keep(driver: Any, test: str, config: Any) -> str:
    """Write the replay file and the traces of what ``driver`` ran last for ``test``; what to say of them.

    config: pytest's. They go below its root, into a folder that version control overlooks.
    """
    turn, calls = driver.turn, driver.calls
    if not calls:
        return "duality_run was not called before the test failed."
    folder = config.rootpath / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    stem = re.sub(r"[^\w.-]+", "-", test).strip("-")
    replay, traces = folder / f"{stem}.replay.json", folder / f"{stem}.trace.txt"
    data = {"replays": KIND, "test": test, "versions": versions(), "calls": [_kept(call) for call in calls]}
    replay.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    traces.write_text("\n\n".join(map(_traced, calls)) + "\n", encoding="utf-8")
    count = "" if driver.replayed is not None else f"schedule {turn.number} of {driver.count} ({turn.kind}), "
    choices = ", ".join(str(len(call.setting.word)) for call in calls)
    again = f"pytest {shlex.quote(config.cwd_relative_nodeid(test))} --duality-replay"
    return "\n".join([
        f"{count}led by {driver.on}, crossing {calls[-1].setting.crossing}; choices made: {choices}",
        f"trace:  {os.path.relpath(traces)}",
        f"replay: {again} {shlex.quote(os.path.relpath(replay))}",
    ])  # fmt: skip


def _kept(call: Call) -> dict[str, Any]:
    setting = call.setting
    return {
        "application": call.app.name,
        "file": call.app.file,
        "source": source_hash(call.app.file),
        "params": {name: repr(value) for name, value in setting.params.items()},
        "crossing": setting.crossing,
        "leader": setting.leader,
        "seed": setting.seed,
        "word": list(setting.word),
    }


def _traced(call: Call) -> str:
    found = [f"found: {one}" for one in call.found]
    differ = call.found[0].trials if call.found and len(call.found[0].trials) == 2 else call.trials[:1]
    return "\n".join([f"{call.app.name}: {call.setting}", *found, *(f"\n{one.on}\n{one}" for one in differ)])
