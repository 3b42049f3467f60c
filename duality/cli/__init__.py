"""The command line: one file per command, and what they share.

    the commands     run.py  show.py  graph.py  compare.py  serve.py  demo.py  bench.py
    what is given    load.py (a spec's file)  parameters.py (an application's, as options)
    what is said     refusal.py (bad input)  trouble.py (errors, in terms of the spec)  table.py (two sides and the oracle)
    measuring        worker.py (a run in a process of its own)  outcome.py  workers.py (from the other end)
    the demo         site.py  client.py  servers.py  exchange.py  rounds.py  laws.py

Rule: a command is imported when it is asked for, so that a process that only runs a spec carries no pretty printer.
"""

from duality.cli.group import Room

main = Room(
    "duality",
    ("run", "show", "graph", "compare", "serve", "demo", "bench"),
    help="One spec, two programs: the duality of events and threads.\n\n"
    "A spec is given as FILE, or FILE:APP where the file has several applications.",
)

__all__ = ["main"]
