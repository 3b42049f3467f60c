"""A finding, printed: the law, the sentence, the line of the spec, the runs to where they part, how to see it again."""

import shlex

from rich.console import Console
from rich.text import Text

from duality.cli.table import say
from duality.proof.beside import beside, source_line
from duality.proof.verdict import LAWS, Finding, Setting

FEW = 24  # choices that a line has room for
PAGE = 120  # columns of a file, where nobody says how wide it is


def tell(console: Console, found: Finding, target: str, replay: str | None) -> None:
    """Print ``found``, of the application ``target``. replay: the file that plays it again, if there is one."""
    said = found.said.removeprefix(f"{found.law}: ")
    say(console, Text(f"{found.law}: {said}", style="bold red"))
    say(console, Text(f"the law is: {LAWS[found.law]}", style="dim"))
    line = source_line(found.place)
    if line:
        console.print(Text(f"\n{found.place}\n{line}"), soft_wrap=True)
    traces = beside(found, console.width if console.is_terminal else PAGE)
    if traces:
        console.print(Text(f"\n{traces}"), soft_wrap=True)
    say(console, Text(f"\n{smallest(found)}"))
    if replay is not None:
        again = f"duality check {shlex.quote(target)} --replay {shlex.quote(replay)}"
        # Never folded: a terminal lets one copy a line that it has broken as the line that it is.
        console.print(Text.assemble("play it again:  ", (again, "bold")), soft_wrap=True)


def smallest(found: Finding) -> str:
    """The smallest setting that shows it, and what it was found with."""
    said = f"shown by:       {settings(found.setting)}"
    if found.as_found is not None and found.as_found != found.setting:
        said += f"\nfound with:     {settings(found.as_found)}"
    return said


def settings(setting: Setting) -> str:
    """A setting in words."""
    parts = [f"{name}={value!r}" for name, value in setting.params.items()]
    count = len(setting.word)
    word = f" {' '.join(map(str, setting.word))}" if 0 < count <= FEW else ""
    parts += [f"crossing {setting.crossing}", f"{count} choice{'' if count == 1 else 's'}{word}"]
    return ", ".join(parts + ([f"faults {setting.faults!r}"] if setting.faults else []))
