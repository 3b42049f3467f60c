"""The command line: one file per command, and what they share.

    the commands     run.py  show.py  graph.py  compare.py  check.py  serve.py  demo.py  bench.py
    what is given    load.py (a spec's file)  parameters.py (an application's, as options)  given.py (both in a command)
    what is said     refusal.py (bad input)  trouble.py (errors, in terms of the spec)  group.py (where both end)
    what is shown    columns.py  table.py  figures.py
    comparing        laws.py (what must be equal)  worker.py (a run in a process of its own)  workers.py  outcome.py
    checking         targets.py (what is meant)  checking.py  exploring.py  progress.py  verdicts.py  findings.py
    the demo         evidence.py  site.py  client.py  exchange.py  servers.py  rounds.py

Rule: a command is imported when it is asked for, so that a process that only runs a spec carries no pretty printer.
"""

from duality.cli.group import Room

main = Room(
    "duality",
    ("run", "show", "graph", "compare", "check", "serve", "demo", "bench"),
    help="One spec, two programs: the duality of events and threads.\n\n"
    "A spec is given as FILE, or FILE:APP where the file has several applications.",
)

__all__ = ["main"]
