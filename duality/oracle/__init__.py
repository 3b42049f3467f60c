"""The third reading: the spec's own coroutines, uncompiled, as CPython runs them. It judges the other two."""
