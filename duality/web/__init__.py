"""A static web server, one spec: Knot when it runs on threads, Haboob when it runs on events.

Sources: von Behren et al. 2003, section 5 (Knot); Welsh, Culler & Brewer 2001 (Haboob); RFC 9110 and 9112 (HTTP).
"""

from duality.web.server import knot

__all__ = ["knot"]
