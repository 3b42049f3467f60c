"""Faults planted on purpose, and the run that shows the law catching each."""
