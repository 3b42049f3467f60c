"""``duality run``: an application, once, on threads, on events, or uncompiled; prints the value of its ``main``."""

import sys
from typing import Any

import click

from duality.cli.given import Given, SpecCommand
from duality.cli.outcome import schedule_of
from duality.cli.trouble import telling
from duality.run import RUNTIMES, run

SIDE = click.option(
    "--on", type=click.Choice(RUNTIMES), default="threads", show_default=True, help="What runs the spec."
)
CROSSING = click.option(
    "--crossing",
    type=click.Choice(["direct", "queued"]),
    default="direct",
    show_default=True,
    help="Whether a call that can be accepted goes straight on, or every call and reply is a rest.",
)
SEED = click.option(
    "--schedule-seed", type=int, metavar="N", help="Choose who goes next at random, always the same way for the same N."
)


@click.command("run", cls=SpecCommand)
@SIDE
@CROSSING
@SEED
def command(given: Given, on: str, crossing: str, schedule_seed: int | None) -> None:
    """Run an application and print what its main returns.

    Each parameter of the application is an option; `duality run FILE --help` lists them.
    """
    with telling(given.file):
        schedule = schedule_of(schedule_seed)
        value = run(given.app, on, schedule=schedule, crossing=crossing).value
    show(value)


def show(value: Any) -> None:
    """Print a value: text as it is, anything else as Python writes it; laid out and coloured on a terminal only."""
    if isinstance(value, str):
        print(value)
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.pretty import Pretty

        Console().print(Pretty(value))
    else:
        print(repr(value))
