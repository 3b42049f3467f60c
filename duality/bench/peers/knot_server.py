"""Our own web server: Knot on threads, Haboob on events. As ``duality serve`` runs it, in a process like its peers."""

import sys

from duality import run
from duality.web import knot


def main(side: str, root: str) -> None:
    """Serve ``root`` on ``side`` until told to end."""
    run(knot, on=side, root=root, port=0, announce=lambda host, port: print(port, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
