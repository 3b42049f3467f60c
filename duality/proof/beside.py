"""A finding to read: two traces side by side to the step where they part, or the steps of the one that shows it.

Rules: nothing is cut off; what is too long for its column goes on below. Steps that both took are counted, and the last
few of them shown. Columns are counted as a terminal does: a wide character takes two.
"""

import linecache
import shlex
import unicodedata
from collections.abc import Iterator, Sequence

from duality.core.recorder import Step
from duality.proof.trial import Trial
from duality.proof.verdict import Finding

SHOWN = 20  # steps before the one that matters
SEPARATOR = " │ "
_LEAST = 12  # columns of text, however narrow the terminal


def told(found: Finding, width: int | None = None, replay: str | None = None, file: str = "FILE") -> str:
    """The whole finding: the sentence, the spec's line, the traces, and the command that plays it again."""
    parts = [str(found)]
    line = source_line(found.place)
    if line:
        parts.append(line)
    traces = beside(found, width)
    if traces:
        parts.append(traces)
    if replay is not None:
        parts.append(f"duality check {shlex.quote(file)} --replay {shlex.quote(replay)}")
    return "\n\n".join(parts)


def source_line(place: str) -> str:
    """The line of a spec that ``file:line`` names, with its number; "" if it cannot be had."""
    file, _, number = place.rpartition(":")
    line = linecache.getline(file, int(number)) if number.isdigit() else ""
    return f"{number:>6} | {line.rstrip()}" if line.strip() else ""


def beside(found: Finding, width: int | None = None) -> str:
    """The traces of ``found``; "" if it has none. width: columns of the terminal; None for as many as it takes."""
    if not found.trials:
        return ""
    last = found.step if found.step is not None else max(len(trial.steps) for trial in found.trials) - 1
    first = max(0, last + 1 - SHOWN)
    numbers = max(4, len(str(last)))
    cells = [[_cell(trial, step) for trial in found.trials] for step in range(first, last + 1)]
    ends = [_end(trial) for trial in found.trials] if found.step is None else []
    heads = [trial.on for trial in found.trials]
    widths = _widths([heads, *cells, *([ends] if ends else [])], width, numbers)
    rows = [_row("step", heads, widths, numbers)]
    if first:
        rows.append([f"{'...':>{numbers}} the steps 0 to {first - 1} are the same" if len(heads) > 1 else
                     f"{'...':>{numbers}} after {first} steps"])  # fmt: skip
    rows += [_row(str(first + place), row, widths, numbers) for place, row in enumerate(cells)]
    if ends:
        rows.append(_row("end", ends, widths, numbers))
    return "\n".join(line for row in rows for line in row)


def shown(step: Step) -> str:
    """A step in one line: the task and whom it was chosen among, every node it passed, what it did."""
    path, procedure = [], ""
    for node in step.nodes:
        name = node.name if node.procedure == procedure else f"{node.procedure} {node.name}"
        procedure = node.procedure
        path.append(name if node.kind in ("begin", "end") else f"{name}@{node.line}")
    effects = f" [{', '.join(step.effects)}]" if step.effects else ""
    return f"{step.task} of {{{' '.join(step.offered)}}}: {' -> '.join(path) or 'nothing'}{effects}"


def _cell(trial: Trial, number: int) -> str:
    if number >= len(trial.steps):
        return "(the run has ended)"
    if "cut" in trial.outcome and number == len(trial.steps) - 1:
        if "stalled" in trial.outcome:
            return f"{shown(trial.steps[number])}, and on without a rest"
        if not trial.steps[number].nodes:
            return f"offers {{{' '.join(trial.steps[number].offered)}}}"
    return shown(trial.steps[number])


def _end(trial: Trial) -> str:
    parts = [f"{name}: {value}" for name, value in trial.outcome.items() if value not in (0, (), [], {}, None)]
    return "; ".join(" ".join(part.split()) for part in parts)


# -- columns -----------------------------------------------------------------------------------------------------------


def _widths(rows: Sequence[Sequence[str]], width: int | None, numbers: int) -> list[int]:
    """How wide each column is: as its widest text, or an even share of what there is."""
    wanted = [max(columns(text) for text in column) for column in zip(*rows, strict=True)]
    if width is None:
        return wanted
    room = width - numbers - len(SEPARATOR) * len(wanted)
    if sum(wanted) <= room:
        return wanted
    share = max(_LEAST, room // len(wanted))
    if len(wanted) == 2 and min(wanted) < share:
        small = min(wanted)
        return [small if one == small else max(_LEAST, room - small) for one in wanted]
    return [share] * len(wanted)


def _row(head: str, texts: Sequence[str], widths: Sequence[int], numbers: int) -> list[str]:
    folded = [list(fold(text, width)) for text, width in zip(texts, widths, strict=True)]
    lines = []
    for place in range(max(map(len, folded))):
        line = f"{head if place == 0 else '':>{numbers}}"
        for pieces, width in zip(folded, widths, strict=True):
            piece = pieces[place] if place < len(pieces) else ""
            line += SEPARATOR + piece + " " * (width - columns(piece))
        lines.append(line.rstrip())
    return lines


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    return sum(_column(character) for character in text)


def _column(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fold(text: str, width: int) -> Iterator[str]:
    """``text`` in pieces at most ``width`` columns wide, cut at blanks where there are any; the later ones indented."""
    rest, inside = text, ""
    while columns(inside + rest) > width:
        end, used = 0, len(inside)
        while end < len(rest) and used + _column(rest[end]) <= width:
            used += _column(rest[end])
            end += 1
        end = max(end, 1)
        blank = rest.rfind(" ", 1, end + 1)
        end = blank if blank > 0 else end
        yield inside + rest[:end].rstrip()
        rest, inside = rest[end:].lstrip(), "  "
    yield inside + rest
