"""Threads and monitors: what Mesa and Capriccio run. Dual of ``duality.events``; the two never meet."""
