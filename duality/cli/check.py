"""``duality check``: many schedules on threads, on events and uncompiled; the law held against every one of them."""

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from duality.cli import checking, findings, single, table, verdicts
from duality.cli.checking import SPELT, Asking
from duality.cli.given import Given
from duality.cli.progress import Watch
from duality.cli.refusal import BadInput, reason
from duality.cli.targets import ManyCommand, Target
from duality.proof import report as reports
from duality.proof.check import ALLOWED
from duality.proof.checked import Checked
from duality.proof.guard import STALL
from duality.proof.plan import CROSSINGS
from duality.proof.trial import RUNTIMES

REFUSED = 2


@click.command("check", cls=ManyCommand, short_help="Hold the law against many schedules, or against all.")
@click.option("--schedules", type=click.IntRange(1), default=100, show_default=True, help="Of each application.")
@click.option("--seed", type=int, default=0, show_default=True, help="What they are drawn from.")
@click.option("--kinds", metavar="KIND,...", help=f"Of schedules: {', '.join(SPELT)}; by default all.")
@click.option(
    "--crossing",
    type=click.Choice([*CROSSINGS, "both"]),
    help="Whether a call that can be accepted goes straight on, or every call and reply is a rest; by default both.",
)
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that share the work.")
@click.option("--faults", metavar="TEXT|@FILE", help="What goes wrong outside: a script, or rates.")
@click.option("--allow", multiple=True, metavar="[APP:]NAME", help=f"No failure: {', '.join(ALLOWED)}. Repeatable.")
@click.option("--starve", type=click.IntRange(1), default=1000, show_default=True, help="Steps a ready task may wait.")
@click.option(
    "--stall",
    type=click.FloatRange(0, 1e6, min_open=True),
    default=STALL,
    show_default=True,
    help="Seconds a step may take before it is said to have no end.",
)
@click.option("--exhaustive", is_flag=True, help="Then all schedules there are (crossing direct, unless said).")
@click.option("--on", type=click.Choice(RUNTIMES), help="With --exhaustive: on one runtime, compared with none.")
@click.option("--depth", type=click.IntRange(1), help="With --exhaustive: steps after which a run is cut short.")
@click.option("--schedule", metavar="TASK,...", help="One schedule only: the tasks by name, one a step.")
@click.option("--replay", metavar="PATH", help="Play the finding in this file again, and nothing else.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Keep what was run.")
def command(given: Given | None = None, targets: Iterable[Target] = (), **options: Any) -> int:
    """Check that threads, events and the oracle take the same steps to the same end, whatever the schedule.

    FILE may be a folder, and there may be several: every application in them is then checked with its defaults. Exit
    status 1 if anything was found, 2 if anything could not be checked.
    """
    asking = Asking.of(options)
    _fit(options, given is not None)
    console = Console(highlight=False)
    target = Target(given.file, given.app) if given is not None else None
    if target is not None and (options["replay"] or options["schedule"]):
        return _one_run(console, target, asking, options)
    if options["report"] is not None:
        _check_writable(options["report"])
    watch = Watch(Console(stderr=True))
    every = targets if target is None else (target,)
    checks = _all(every, asking, watch, options["report"], lambda one: _say(console, one, target is not None))
    if target is None:
        table.say(console, verdicts.total(checks))
    return _status(checks)


def _one_run(console: Console, target: Target, asking: Asking, options: dict[str, Any]) -> int:
    """One schedule, on all three: that of a replay file, or one that is given by the names of the tasks."""
    said = ""
    if options["replay"]:
        verdict = single.again(target, options["replay"], asking.stall)
    else:
        verdict, said = single.scheduled(target, options["schedule"].split(","), asking)
    table.say(console, verdicts.once(target.name, verdict, said))
    if verdict.finding is not None:
        console.print()
        findings.tell(console, verdict.finding, target.name, None)
    return int(not verdict)


def _all(targets: Iterable[Target], asking: Asking, watch: Watch, report: Path | None, say: Any) -> list[Checked]:
    """Every check, one after the other. What was done before an interrupt is told and kept."""
    checks: list[Checked] = []
    now: Checked | None = None  # the one that was interrupted, if it came to anything
    try:
        for target in targets:
            name = target.app.name if target.app is not None else ""
            now = None
            now = checking.run(target, asking, watch, f"{name}.replay.json")
            if now.interrupted:
                raise KeyboardInterrupt
            checks.append(now)
            say(now)
    except KeyboardInterrupt:
        print(f"{_told(now, say)}{_before(len(checks))}.", file=sys.stderr)
        if now is not None and now.verdict is not None and now not in checks:
            checks.append(now)
        raise
    finally:
        if report is not None and checks:
            _write(report, checks)
    return checks


def _told(now: Checked | None, say: Any) -> str:
    """How far the check that was interrupted got, in one sentence without its end; what it found is said in full."""
    verdict = now.verdict if now is not None else None
    if now is None or verdict is None:
        return "interrupted before the first schedule was done"
    if verdict.finding is not None:
        say(now)
    found = "nothing was found in them" if verdict else "what was found is told above, as small as it had become"
    did = f"{verdict.seconds:.1f} s, {verdict.edges} of {verdict.edges_total} edges walked"
    return f"interrupted after {verdict.schedules:,} of {now.asked.schedules:,} schedules ({did}): {found}"


def _before(count: int) -> str:
    return f"; {count} application{'s were' if count > 1 else ' was'} checked before" if count else ""


def _say(console: Console, one: Checked, alone: bool) -> None:
    """What came of one check: in full if it is the only one, or found something."""
    if alone and one.refused:
        raise BadInput(one.refused)
    if one.app is None or one.verdict is None:
        console.print(verdicts.refused(one), soft_wrap=True)
        return
    if alone:
        verdicts.full(console, one)
    else:
        table.say(console, verdicts.line(one))
    if one.verdict.finding is not None:
        console.print()
        findings.tell(console, one.verdict.finding, f"{one.file}:{one.app.name}", one.verdict.replay)
        if not alone:
            console.print()


def _fit(options: dict[str, Any], alone: bool) -> None:
    """Options that say nothing together are refused, rather than passed over."""
    for name in ("on", "depth"):
        if options[name] is not None and not options["exhaustive"]:
            raise BadInput(f"duality check: --{name} belongs to --exhaustive.")
    for name in ("replay", "schedule"):
        if options[name] and not alone:
            raise BadInput(f"duality check: --{name} is for one application; name it as FILE:APP.")
        if options[name] and (options["report"] or options["exhaustive"]):
            raise BadInput(f"duality check: --{name} is one schedule, for neither --report nor --exhaustive.")
    if options["replay"] and options["schedule"]:
        raise BadInput("duality check: --replay and --schedule are two schedules; give one.")


def _status(checks: Sequence[Checked]) -> int:
    if any(one.refused for one in checks):
        return REFUSED
    return int(any(one.verdict is not None and not one.verdict for one in checks))


def _check_writable(path: Path) -> None:
    """Told before the work, not after it."""
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as wrong:
        raise BadInput(f"--report: cannot be written: {reason(wrong)}.", str(path)) from None


def _write(path: Path, checks: Sequence[Checked]) -> None:
    try:
        reports.write(path, checks)
    except OSError as wrong:
        raise BadInput(f"--report: cannot be written: {reason(wrong)}.", str(path)) from None
