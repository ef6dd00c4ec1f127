"""Two proportions of the same people, from the pairs that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import paired_counts
from ..numerics.rates import binomial_tails, clopper_pearson_interval
from ._base import Estimate
from ._rule import Columns, Rule

__all__ = ["PairedProportionsEstimate", "paired_proportions"]

_TANGO = "Tango 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B"
_BONETT = "Bonett & Price 2012, doi:10.3102/1076998611411915"
_MCNEMAR = "McNemar 1947, doi:10.1007/BF02295996"
_FAGERLAND = "Fagerland, Lydersen & Laake 2014, doi:10.1002/sim.6148"


def _odds(table: Columns) -> tuple[Any, Any]:
    b, c, _ = table
    return b, b + c


def _odds_tails(table: Columns, null: Any, *, midp: bool) -> Columns:
    x, n = _odds(table)
    some = n > 0
    kernel = paired_counts.midp_tails if midp else binomial_tails
    upper, lower = kernel((np.where(some, x, 0.0), np.where(some, n, 1.0)), paired_counts.rate_of_odds(null))
    return np.where(some, upper, np.where(null < 0, 0.0, 1.0)), np.where(some, lower, 1.0)


def _exact_tails(table: Columns, null: Any) -> Columns:
    return _odds_tails(table, null, midp=False)


def _midp_tails(table: Columns, null: Any) -> Columns:
    return _odds_tails(table, null, midp=True)


def _wilson_interval(table: Columns, z: float) -> Columns:
    return paired_counts.wilson_odds_interval(_odds(table), z)


def _wilson_zscore(table: Columns, null: Any) -> Any:
    return paired_counts.odds_zscore(_odds(table), null)


def _exact_interval(table: Columns, z: float) -> Columns:
    return paired_counts.odds_interval(_odds(table), z, kind=clopper_pearson_interval)


def _midp_interval(table: Columns, tail: float) -> Columns:
    return paired_counts.odds_interval(_odds(table), tail, kind=paired_counts.midp_interval)


RULES: dict[str, dict[str, Rule]] = {
    "difference": {
        "score": Rule("Tango score", _TANGO, paired_counts.tango_interval, paired_counts.tango_zscore),
        "bonett_price": Rule(
            "Bonett-Price: Wald with one pair added to each kind of change",
            _BONETT,
            paired_counts.bonett_price_interval,
            paired_counts.bonett_price_zscore,
        ),
        "wald": Rule(
            "Wald (unrestricted variance)", _FAGERLAND, paired_counts.wald_interval, paired_counts.wald_zscore
        ),
    },
    "odds_ratio": {
        "score": Rule("score, given the pairs that changed", _MCNEMAR, _wilson_interval, _wilson_zscore),
        "exact": Rule(
            "exact binomial tails, given the pairs that changed",
            _FAGERLAND,
            _exact_interval,
            _wilson_zscore,
            _exact_tails,
        ),
        "midp": Rule(
            "mid-p binomial tails, given the pairs that changed",
            _FAGERLAND,
            _midp_interval,
            _wilson_zscore,
            _midp_tails,
            by_tail=True,
        ),
    },
}
_SCALES = {"difference": "risk_difference", "odds_ratio": "odds_ratio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedProportionsEstimate(Estimate):
    """A comparison of two proportions of the same people, with the counts that it came from.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; the standard error is that of the observed proportions, on the log scale for the odds ratio.
    b, c : int or ndarray
        Pairs with the event the first time only, and the second time only.
    n : int or ndarray
        All pairs.
    """

    b: Any
    c: Any
    n: Any
    _rule: Rule

    def _interval(self, level: float) -> tuple[Any, Any]:
        low, high = self._rule.ends((self.b, self.c, self.n), 0.5 * (1 - level))
        return low, high

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        b, c, n, values = _validate.broadcast(b=self.b, c=self.c, n=self.n, null=null)
        greater, less = self._rule.one_sided((b, c, n), values)
        return greater, less


def paired_proportions(
    b: ArrayLike, c: ArrayLike, n: ArrayLike, *, measure: str = "difference", method: str = "score"
) -> PairedProportionsEstimate:
    """Compare two proportions of the same people: first minus second.

    Parameters
    ----------
    b, c : int or array_like of int
        Pairs that changed: with the event the first time only, and the second time only.
    n : int or array_like of int
        All pairs; the three broadcast together.
    measure : {"difference", "odds_ratio"}
        Rate at the first time minus rate at the second, ``(b - c) / n``; or the odds ratio within pairs, ``b / c``,
        which does not depend on the pairs without a change.
    method : str
        For the difference "score" (Tango), "bonett_price" or "wald"; for the odds ratio "score" (Wilson), "exact"
        (Clopper-Pearson) or "midp". The p-value of no difference is McNemar's test: by its score for "score", and by
        the exact and mid-p binomial for the odds ratio's "exact" and "midp".

    Returns
    -------
    PairedProportionsEstimate
        Point, standard error, `confidence_interval` and `pvalue`. Without any pair that changed the odds ratio is 1,
        with an interval from 0 to infinity.

    Raises
    ------
    InvalidArgument
        If a count is negative or not whole, more pairs changed than there are, or a choice is not known.

    References
    ----------
    Tango (1998), Statistics in Medicine 17, 891-908,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B.
    Bonett & Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488, doi:10.3102/1076998611411915.
    McNemar (1947), Psychometrika 12, 153-157, doi:10.1007/BF02295996.
    Fagerland, Lydersen & Laake (2014), Statistics in Medicine 33, 2850-2875, doi:10.1002/sim.6148.

    Examples
    --------
    Complete response before and after a second treatment: 6 lost it and 16 gained it, of 161.

    >>> import ketastats as ks
    >>> change = ks.effects.paired_proportions(6, 16, 161)
    >>> interval = change.confidence_interval(0.95)
    >>> print(f"{change.point:.4f} ({interval.low:.4f} to {interval.high:.4f}), p = {change.pvalue():.4f}")
    -0.0621 (-0.1240 to -0.0054), p = 0.0330
    """
    kind = _validate.choice(measure, "measure", RULES)
    rule = RULES[kind][_validate.choice(method, "method", RULES[kind])]
    first, second, size = _counts(b, c, n)
    point, error = _observed(kind, *(value.astype(np.float64) for value in (first, second, size)))
    return PairedProportionsEstimate(
        point=point[()],
        standard_error=error[()],
        df=np.inf,
        scale=_SCALES[kind],
        method=rule.name,
        references=(rule.reference,),
        b=first[()],
        c=second[()],
        n=size[()],
        _rule=rule,
    )


def _counts(b: Any, c: Any, n: Any) -> list[NDArray[np.int64]]:
    first, second, size = _validate.broadcast(
        b=_validate.integers(b, "b"), c=_validate.integers(c, "c"), n=_validate.integers(n, "n", low=1)
    )
    bad = first + second > size
    if bad.any():
        at = np.unravel_index(int(np.argmax(bad)), bad.shape)
        allowed = f"at most n, here {int(size[at])}"
        raise InvalidArgument("b + c", int(first[at] + second[at]), allowed, "n counts all pairs, changed or not.")
    return [first, second, size]


def _observed(kind: str, b: Any, c: Any, n: Any) -> tuple[Any, Any]:
    if kind == "difference":
        spread = (b + c) * (n - b - c) / n + 4.0 * b * c / n
        return (b - c) / n, np.sqrt(spread) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b + c > 0, b / c, 1.0), np.sqrt(1.0 / b + 1.0 / c)
