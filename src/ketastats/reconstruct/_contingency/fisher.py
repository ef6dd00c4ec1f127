"""The exact test of tables with several rows and columns: every table with the same margins is needed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...errors import BudgetExceeded
from ...numerics import rxc, rxc_grow
from .._sizes import IntArray

__all__ = ["fisher_pvalues", "whole_margins"]

_MOST_OF_ONE_MARGIN = 5_000_000
Pieces = list[tuple[IntArray, IntArray]]


def whole_margins(rows: IntArray, columns: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield all tables with given margins, those of one margin together: its place, ascending, and the tables."""
    kept: Pieces = []
    for piece in rxc_grow.tables(rows, columns):
        owner = piece[0]
        if not owner.size:
            continue
        # The last margin of a piece may go on in the next one.
        cut = int(np.searchsorted(owner, owner[-1]))
        if cut or (kept and kept[-1][0][-1] != owner[0]):
            yield _joined(kept if kept and not cut else [*kept, (owner[:cut], piece[1][:cut])])
            kept = []
        kept.append((owner[cut:], piece[1][cut:]))
        held = sum(each[0].size for each in kept)
        if held > _MOST_OF_ONE_MARGIN:
            raise BudgetExceeded("tables or more of one margin", held, _MOST_OF_ONE_MARGIN, "Name another test.")
    if kept:
        yield _joined(kept)


def _joined(pieces: Pieces) -> tuple[IntArray, IntArray]:
    return np.concatenate([each[0] for each in pieces]), np.concatenate([each[1] for each in pieces])


def fisher_pvalues(cells: IntArray) -> NDArray[np.float64]:
    """Return the p of Freeman and Halton of any tables."""
    height = cells.shape[1]
    margins = np.concatenate([cells.sum(axis=2), cells.sum(axis=1)], axis=1)
    distinct, owner = np.unique(margins, axis=0, return_inverse=True)
    owner = owner.ravel()
    result = np.zeros(len(cells))
    order = np.argsort(owner, kind="stable")
    for place, all_tables in whole_margins(distinct[:, :height], distinct[:, height:]):
        values = rxc.fisher_pvalues(place, all_tables)
        at = order[slice(*np.searchsorted(owner[order], [place[0], place[-1] + 1]))]
        asked = np.concatenate([owner[at][:, None], cells[at].reshape(at.size, -1)], axis=1)
        known = np.concatenate([place[:, None], all_tables.reshape(place.size, -1)], axis=1)
        _, code = np.unique(np.concatenate([known, asked]), axis=0, return_inverse=True)
        value_of = np.zeros(int(code.max()) + 1)
        value_of[code.ravel()[: place.size]] = values
        result[at] = value_of[code.ravel()[place.size :]]
    return result
