"""Which variable or outcome left no combination."""

from __future__ import annotations

from .join import Sets
from .links import Pairs
from .samples import Samples

__all__ = ["blame"]


def blame(sets: Sets, nested: Pairs, sizes: list[int], *, missing: bool) -> str:
    """Return the first variable, or its first outcome, in the order given, with which nothing is left."""
    before: Sets = {}
    for variable, parts in sets.items():
        for last in range(1, len(parts) + 1):
            names = list(parts)[:last]
            if not _left(before | {variable: {name: parts[name] for name in names}}, nested, sizes, missing=missing):
                return f"{names[-1]} by {variable}"
        before[variable] = parts
    return "the size of the sample"


def _left(sets: Sets, nested: Pairs, sizes: list[int], *, missing: bool) -> bool:
    known = {name for parts in sets.values() for name in parts}
    pairs = tuple((inner, outer) for inner, outer in nested if inner in known and outer in known)
    return bool(Samples(sets, pairs, sizes, missing=missing))
