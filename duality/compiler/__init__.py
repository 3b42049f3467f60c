"""The compiler: one spec, two programs. One pass a file, each opening with its before and after.

read -> refuse -> points -> cells -> lower (expressions) -> live, bound -> rip -> load      events
read -> refuse -> points -> erase -> load                                                   threads
"""

from duality.compiler.product import Product, compile_procedure
from duality.compiler.program import Program, graph_of, program

__all__ = ["Product", "Program", "compile_procedure", "graph_of", "program"]
