"""The servers and schedulers that both sides are measured beside: small, honest programs, each a process of its own.

Rules: a peer is written as those who know its library would write it; it does the same work (the same bytes, the same
shape of page cache, persistent and pipelined connections) and nothing that it could leave out. A server prints the port
that the kernel chose, and serves until it is told to end.
"""
