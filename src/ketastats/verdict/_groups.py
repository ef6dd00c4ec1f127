"""Claims on tables of several groups: made of every pair of groups, and of every category where there are several."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import numpy as np

from ..claims import Claim
from ..errors import BudgetExceeded, InvalidArgument
from ..reconstruct import CompatibleContingency
from ._members import GROUPS, SPLIT, Members, exchangeable, from_columns
from ._several import aligned
from ._single import rule
from ._verdict import Verdict

__all__ = ["between_groups", "comparisons"]

Comparison = tuple[int, int, int]

_NUMBER, _TEST = "the number analysed", "the test"
# Most tables times orders of their groups.
_MOST = 10_000_000


def comparisons(data: CompatibleContingency) -> dict[str, Comparison]:
    """Return by name each pair of groups and the category that is compared; of two categories the first says all."""
    rows, categories = data.cells.shape[1:]
    found = {}
    for category in range(categories if categories > 2 else 1):
        for one, other in combinations(range(rows), 2):
            name = f"group {one + 1} against group {other + 1}"
            found[f"category {category + 1}, {name}" if categories > 2 else name] = (one, other, category)
    return found


def between_groups(
    claims: dict[str, Claim], data: CompatibleContingency, alpha: float, level: float, method: str | None
) -> Verdict:
    """Rule on every comparison of two groups together."""
    cells, order = data.cells, np.zeros(len(data), dtype=np.int64)
    turned = not data.labelled and not all(exchangeable(claim) for claim in claims.values())
    if turned:
        cells, order = _every_order(cells)
    repeats = len(cells) // max(1, len(data))
    shared = {_NUMBER: cells.sum(axis=(1, 2))}
    if len(data.tests) > 1:
        shared[_TEST] = np.tile(data.printed_by, (repeats, 1))
    shared[SPLIT] = np.unique(cells.sum(axis=2), axis=0, return_inverse=True)[1].ravel()
    if turned:
        shared[GROUPS] = order
    members = {
        name: _compared(claims[name], cells, comparison, shared, level, method)
        for name, comparison in comparisons(data).items()
        if name in claims
    }
    parts = {name: rule(claims[name], members[name], data, alpha) for name in members}
    columns = {"table": np.tile(np.arange(len(data)), repeats)} | ({GROUPS: order} if turned else {})
    return aligned(claims, parts, members, columns, data, alpha, shared=tuple(shared), noun="comparison")


def _every_order(cells: Any) -> tuple[Any, Any]:
    """Return each table with its groups in every order, and which order it is."""
    orders = list(permutations(range(cells.shape[1])))
    if len(orders) * len(cells) > _MOST:
        advice = "Say which group is which, or make a claim that looks the same with groups exchanged."
        raise BudgetExceeded("tables in every order of their groups", len(orders) * len(cells), _MOST, advice)
    every = np.concatenate([cells[:, order] for order in orders])
    return every, np.repeat(np.arange(len(orders)), len(cells))


def _compared(
    claim: Claim, cells: Any, comparison: Comparison, details: dict[str, Any], level: float, method: str | None
) -> Members:
    one, other, category = comparison
    if claim.estimand == "proportion":
        raise InvalidArgument("claim", claim.estimand, "risk_difference, risk_ratio or odds_ratio between groups")
    columns = {
        "x1": cells[:, one, category],
        "n1": cells[:, one].sum(axis=1),
        "x2": cells[:, other, category],
        "n2": cells[:, other].sum(axis=1),
    }
    return from_columns(claim, columns, details, level, method)
