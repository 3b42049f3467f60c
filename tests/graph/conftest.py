"""No deadline on drawn examples: how long a layout takes on a busy machine is no property of the layout."""

from hypothesis import settings

settings.register_profile("graph", deadline=None)
settings.load_profile("graph")
