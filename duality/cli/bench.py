"""``duality bench``: the measurements of ``duality.bench``."""

from pathlib import Path

import click

from duality.cli.refusal import BadInput, reason


@click.command("bench", short_help="Measure both sides and their peers.")
@click.argument("measures", nargs=-1, metavar="[MEASURE ...]")
@click.option("--rounds", type=int, default=6, show_default=True, help="Samples of each contender, taken in turns.")
@click.option("--seconds", type=float, default=3.0, show_default=True, help="Of load, per sample of a web server.")
@click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write every raw sample here.")
@click.option("--quick", is_flag=True, help="Enough to see that it works, not enough to believe.")
def command(measures: tuple[str, ...], rounds: int, seconds: float, json: Path | None, quick: bool) -> None:
    """Measure threads and events against each other and against their peers.

    MEASURE is one of web, yield, scale, memory, call, rest, compile, check, simulated; by default all, which takes some
    minutes.
    """
    from duality.bench import main  # brings what measuring needs, and no other command does

    try:
        main(only=measures, rounds=rounds, seconds=seconds, json=json, quick=quick)
    except ValueError as wrong:
        raise BadInput(f"duality bench: {wrong}.") from None
    except OSError as wrong:
        if json is None or str(wrong.filename) != str(json):
            raise
        raise BadInput(f"{json}: cannot be written: {reason(wrong)}.") from None
