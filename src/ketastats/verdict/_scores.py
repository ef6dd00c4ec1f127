"""Claims on the scores of a diagnostic test, such as its sensitivity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from .. import effects
from ..claims import Claim
from ..errors import InvalidArgument
from ..reconstruct import CompatibleConfusions, CompatibleTables
from ._members import Members, from_columns, from_estimate
from ._several import aligned
from ._single import rule
from ._verdict import Verdict

__all__ = ["COMPARED", "SCORES", "of_scores"]

#: Scores that are shares of people, and of whom.
_SHARES = {
    "sensitivity": (("tp",), ("tp", "fn")),
    "specificity": (("tn",), ("tn", "fp")),
    "ppv": (("tp",), ("tp", "fp")),
    "npv": (("tn",), ("tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "fn", "fp", "tn")),
    "prevalence": (("tp", "fn"), ("tp", "fn", "fp", "tn")),
}
#: Scores that compare people with and without the condition.
COMPARED = {
    "youden": "risk_difference",
    "positive_likelihood_ratio": "risk_ratio",
    "odds_ratio": "odds_ratio",
}
#: Every score that a claim can be about.
SCORES = (*_SHARES, *COMPARED)


def of_scores(
    claims: dict[str, Claim], data: CompatibleConfusions, alpha: float, level: float, method: str | None
) -> Verdict:
    """Rule on claims about several scores together."""
    counts = {"tp": data.tp, "fn": data.fn, "fp": data.fp, "tn": data.tn}
    shared = {
        "the number of people": data.tables.n1 + data.tables.n2,
        "the number with the condition": data.tables.n1,
        "the confusion matrix": np.arange(len(data)),
    }
    members = {name: _score(name, claim, data.tables, counts, shared, level, method) for name, claim in claims.items()}
    parts = {name: rule(claims[name], members[name], data, alpha) for name in members}
    return aligned(claims, parts, members, dict(counts), data, alpha, shared=tuple(shared), noun="score")


def _score(
    name: str,
    claim: Claim,
    tables: CompatibleTables,
    counts: dict[str, Any],
    details: dict[str, Any],
    level: float,
    method: str | None,
) -> Members:
    """Return the matrices, each with the interval of one score."""
    estimand = COMPARED.get(name, "proportion")
    if claim.estimand != estimand:
        raise InvalidArgument(f"claim[{name!r}]", claim.estimand, f"{estimand}, the estimand of {name}")
    if estimand != "proportion":
        columns = {"x1": tables.x1, "n1": tables.n1, "x2": tables.x2, "n2": tables.n2}
        return replace(from_columns(claim, columns, {}, level, method), details=details, noun="table")
    of, among = _SHARES[name]
    x, n = sum(counts[part] for part in of), sum(counts[part] for part in among)
    found = from_estimate(claim, effects.proportion(x, np.maximum(n, 1)), level)
    # A share of nobody can be anything.
    low, high = np.where(n > 0, found.low, 0.0), np.where(n > 0, found.high, 1.0)
    return replace(found, columns={"x": x, "n": n}, details=details, low=low, high=high, noun="table")
