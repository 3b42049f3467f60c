"""The style sheet inside every picture.

Rule: each selector begins with the picture's own class, because the style of an SVG put into a page reaches the whole
page. The picture paints its own light ground, so it reads the same on a dark page as on a light one.
"""

from duality.graph.theme import FONT

DASH = 8.0
"""Period of the dashes of an edge never walked, in pixels."""

RULES = f"""
text {{ font: 12px {FONT}; fill: #1c2128; white-space: pre; }}
.page {{ fill: #f6f7f9; stroke: #d5dae1; }}
.frame {{ fill: #e9edf3; stroke: none; }}
.card {{ fill: #ffffff; stroke: #cdd4de; }}
.heading {{ font-size: 18px; font-weight: 600; }}
.module-name {{ font-size: 12px; font-weight: 600; fill: #4a5563; letter-spacing: .04em; }}
.procedure-name {{ font-size: 13px; font-weight: 700; }}
.owner {{ font-weight: 400; fill: #66707d; }}
.kind {{ font-weight: 700; }}
.line-number {{ fill: #66707d; }}
.outline {{ stroke-width: 1.4; }}
.inner {{ stroke-width: 1; }}
.line {{ fill: none; stroke: #55606e; stroke-width: 1.5; }}
.head {{ fill: #55606e; }}
.halo {{ fill: none; stroke: none; stroke-width: 9; }}
.loop .line {{ stroke: #8a4fbf; }}
.loop .head {{ fill: #8a4fbf; }}
.edge.unwalked .line {{ stroke: #a9b1bc; stroke-width: 1.3; stroke-dasharray: 5 3; }}
.edge.unwalked .head {{ fill: #a9b1bc; }}
.edge.walked .line {{ stroke-width: 2.4; }}
.edge.foreign .line {{ stroke: #d0021b; stroke-width: 2.4; }}
.edge.foreign .head {{ fill: #d0021b; }}
.edge.highlight .halo {{ stroke: #ffd54d; }}
.node.unwalked {{ opacity: .55; }}
.node.highlight .halo {{ fill: #ffd54d; }}
.node.highlight .outline {{ stroke-width: 2; }}
"""

STYLE = "".join(f".duality-graph {rule}\n" for rule in RULES.strip().splitlines())
"""``RULES``, each confined to the picture."""
