"""Measurements: both sides beside each other and beside their peers, interleaved, as ratios with their spread.

Rules: a measurement is of whole processes on cores of their own; a peer that answers wrongly is not measured; what
cannot be measured is said, with its cause, and no number is made up for it.
"""

from duality.bench.conduct import MEASURES, main

__all__ = ["MEASURES", "main"]
