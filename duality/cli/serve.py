"""``duality serve``: the static web server, as Knot (threads) or as Haboob (events)."""

import os
import socket
from typing import NoReturn

import click

from duality.cli.refusal import BadInput, reason
from duality.run import run
from duality.web import knot

NAMES = {"threads": "Knot", "events": "Haboob"}


@click.command("serve", short_help="Serve a directory over HTTP: Knot, or Haboob.")
@click.argument("folder", metavar="DIR", type=str)
@click.option("--on", type=click.Choice(list(NAMES)), default="threads", show_default=True, help="Knot, or Haboob.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: the system chooses one."
)
def command(folder: str, on: str, host: str, port: int) -> None:
    """Serve the files below DIR over HTTP, until interrupted.

    SIGINT and SIGTERM end it cleanly, with exit status 0.
    """
    check_folder(folder)
    listening = False

    def announce(host: str, port: int) -> None:
        nonlocal listening
        listening = True
        print(f"{NAMES[on]} ({on}) serves {folder} at {url(host, port)} (Ctrl-C ends it)", flush=True)

    try:
        run(knot, on, root=folder, host=host, port=port, announce=announce)
    except (KeyboardInterrupt, SystemExit):
        return
    except OSError as wrong:
        if listening:
            raise
        _refuse(host, port, wrong)


def check_folder(folder: str) -> None:
    """Raise BadInput unless the folder is there and can be listed."""
    try:
        os.listdir(folder)
    except FileNotFoundError:
        raise BadInput(f"{folder}: there is no such directory.") from None
    except NotADirectoryError:
        raise BadInput(f"{folder}: this is a file; give a directory.") from None
    except (OSError, ValueError) as wrong:
        said = reason(wrong) if isinstance(wrong, OSError) else str(wrong)
        raise BadInput(f"{folder}: the directory cannot be read: {said}.") from None


def url(host: str, port: int) -> str:
    """Where to point a browser."""
    shown = f"[{host}]" if ":" in host else "localhost" if host in ("", "0.0.0.0") else host
    return f"http://{shown}:{port}/"


def _refuse(host: str, port: int, wrong: OSError) -> NoReturn:
    if isinstance(wrong, socket.gaierror):
        raise BadInput(f"host {host!r} is not known: {reason(wrong)}.") from None
    raise BadInput(f"cannot listen at port {port} of {host or 'this machine'}: {reason(wrong)}.") from None
