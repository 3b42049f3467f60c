"""The compiler: one spec, two programs. A pass is a file, and opens with its before and after.

    events     read  refuse  points  cells  lower (expressions, protect, jumps)  live, bound
               rip (constructs, records, handlers, places)  load
    threads    read  refuse  points  erase  load
    graphs     flow  graph_of_source (the spec's text, the threads text)  graph_of_events

``lowered.py`` and ``tree.py`` are what the passes hand on; ``product.py`` and ``program.py`` what comes out.
"""

from duality.compiler.product import Product, compile_procedure
from duality.compiler.program import Program, graph_of, program

__all__ = ["Product", "Program", "compile_procedure", "graph_of", "program"]
