"""Tables of several groups by several categories behind printed numbers."""
