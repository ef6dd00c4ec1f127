"""Two Poisson rates: events in person-time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..numerics import poisson_rates as kernels
from ._base import Estimate
from ._rule import Rule

__all__ = ["RatesEstimate", "rates"]

_GU = "Gu, Ng, Tang & Schucany 2008, doi:10.1002/bimj.200710403"
_NG = "Ng, Gu & Tang 2007, doi:10.1016/j.csda.2006.02.004"
_PRZYBOROWSKI = "Przyborowski & Wilenski 1940, doi:10.2307/2332612"
_LANCASTER = "Lancaster 1961, doi:10.1080/01621459.1961.10482105"


def _conditional(name: str, reference: str, *, midp: bool) -> Rule:
    interval, tails = partial(kernels.conditional_interval, midp=midp), partial(kernels.conditional_tails, midp=midp)
    return Rule(name, reference, interval, kernels.score_zscore, tails, by_tail=True)


RULES: dict[str, dict[str, Rule]] = {
    "ratio": {
        "score": Rule("score", _GU, kernels.score_interval, kernels.score_zscore),
        "exact": _conditional("exact, given all events", _PRZYBOROWSKI, midp=False),
        "midp": _conditional("mid-p, given all events", _LANCASTER, midp=True),
        "log": Rule("Wald on the log ratio", _GU, kernels.log_interval, kernels.log_zscore),
        "wald": Rule("Wald, unrestricted variance (Fieller)", _GU, kernels.fieller_interval, kernels.fieller_zscore),
        "sqrt": Rule("square roots of the counts and 3/8", _GU, kernels.sqrt_interval, kernels.sqrt_zscore),
    },
    "difference": {
        "score": Rule("score", _NG, kernels.score_difference_interval, kernels.score_difference_zscore),
        "wald": Rule(
            "Wald, unrestricted variance", _NG, kernels.wald_difference_interval, kernels.wald_difference_zscore
        ),
    },
}
_SCALES = {"ratio": "rate_ratio", "difference": "rate_difference"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesEstimate(Estimate):
    """A comparison of two Poisson rates, with the counts that it came from.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`; the standard error is that of the observed rates, on the log scale for the ratio.
    x1, t1, x2, t2 : int, float or ndarray
        Events and the person-time (or any exposure) in which they were counted, in group 1 and in group 2.
    """

    x1: Any
    t1: Any
    x2: Any
    t2: Any
    _rule: Rule

    def _interval(self, level: float) -> tuple[Any, Any]:
        low, high = self._rule.ends((self.x1, self.t1, self.x2, self.t2), 0.5 * (1 - level))
        return low, high

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        x1, t1, x2, t2, values = _validate.broadcast(x1=self.x1, t1=self.t1, x2=self.x2, t2=self.t2, null=null)
        greater, less = self._rule.one_sided((x1, t1, x2, t2), values)
        return greater, less


def rates(
    x1: ArrayLike, t1: ArrayLike, x2: ArrayLike, t2: ArrayLike, *, measure: str = "ratio", method: str = "score"
) -> RatesEstimate:
    """Compare two Poisson rates.

    Parameters
    ----------
    x1, t1, x2, t2 : array_like
        Events (whole numbers; one person may have several) and the person-time, or any exposure, in which they were
        counted (positive, in one unit), in group 1 and in group 2; all four broadcast together.
    measure : {"ratio", "difference"}
        Rate of group 1 over that of group 2, or minus it (events per unit of time).
    method : str
        For the ratio "score", "exact" (binomial tails given all events), "midp", "log", "wald" or "sqrt"; for the
        difference "score" or "wald". Wald's methods are there to check what others printed: at 95 % those of a ratio
        covered as little as 86 %, those of a difference 92 %, where few events were expected.

    Returns
    -------
    RatesEstimate
        Point, standard error, `confidence_interval` and `pvalue`. Without any events the ratio is 1, with an interval
        from 0 to infinity.

    Raises
    ------
    InvalidArgument
        If a count is negative or not whole, a time is not positive, or a choice is not known.

    References
    ----------
    Gu, Ng, Tang & Schucany (2008), Biometrical Journal 50, 283-298, doi:10.1002/bimj.200710403.
    Ng, Gu & Tang (2007), Computational Statistics & Data Analysis 51, 3085-3099, doi:10.1016/j.csda.2006.02.004.
    Przyborowski & Wilenski (1940), Biometrika 31, 313-323, doi:10.2307/2332612.

    Examples
    --------
    >>> import ketastats as ks
    >>> ratio = ks.effects.rates(60, 51477.5, 30, 54308.7)
    >>> interval = ratio.confidence_interval(0.95)
    >>> print(f"{ratio.point:.2f} ({interval.low:.2f} to {interval.high:.2f}), p = {ratio.pvalue():.5f}")
    2.11 (1.37 to 3.26), p = 0.00063
    """
    kind = _validate.choice(measure, "measure", RULES)
    rule = RULES[kind][_validate.choice(method, "method", RULES[kind])]
    events1, time1, events2, time2 = _validate.broadcast(
        x1=_validate.integers(x1, "x1"),
        t1=_validate.array(t1, "t1", low=0.0, open_low=True),
        x2=_validate.integers(x2, "x2"),
        t2=_validate.array(t2, "t2", low=0.0, open_low=True),
    )
    a, b = events1.astype(np.float64), events2.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "ratio":
            point, error = np.where(a + b > 0, a / b * (time2 / time1), 1.0), np.sqrt(1.0 / a + 1.0 / b)
        else:
            point, error = a / time1 - b / time2, np.hypot(np.sqrt(a) / time1, np.sqrt(b) / time2)
    return RatesEstimate(
        point=point[()],
        standard_error=error[()],
        df=np.inf,
        scale=_SCALES[kind],
        method=f"{'ratio' if kind == 'ratio' else 'difference'} of two Poisson rates, {rule.name}",
        references=(rule.reference,),
        x1=events1[()],
        t1=time1[()],
        x2=events2[()],
        t2=time2[()],
        _rule=rule,
    )
