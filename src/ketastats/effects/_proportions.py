"""One proportion, and the difference or ratio of two, from counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..errors import InvalidArgument
from ..numerics import rates
from ._base import Estimate
from ._proportions_more import EXACT_RULES, MORE_RULES, SLOW_RULES, refuse_too_large
from ._rule import Rule

__all__ = ["ProportionEstimate", "ProportionsEstimate", "proportion", "proportions"]

_MN = "Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211"
_MEE = "Mee 1984, Biometrics 40, 1175-1176"
_NEWCOMBE = "Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I"
_CAFFO = "Agresti & Caffo 2000, doi:10.1080/00031305.2000.10474560"
_KOOPMAN = "Koopman 1984, doi:10.2307/2531405"
_KATZ = "Katz et al. 1978, doi:10.2307/2530610"
_WALTER = "Walter 1975, doi:10.1093/biomet/62.2.371"
_CORNFIELD = "Cornfield 1956, Proceedings of the Third Berkeley Symposium 4, 135-148"
_WOOLF = "Woolf 1955, doi:10.1111/j.1469-1809.1955.tb01348.x"
_GART = "Gart 1966, Journal of the Royal Statistical Society B 28, 164-179"
_WILSON = "Wilson 1927, doi:10.1080/01621459.1927.10502953"
_PEARSON = "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404"


def _score(measure: rates.Measure, name: str, reference: str, corrected: bool) -> Rule:
    options: dict[str, Any] = {"measure": measure, "corrected": corrected}
    return Rule(name, reference, partial(rates.score_interval, **options), partial(rates.score_zscore, **options))


def _log(measure: rates.Measure, name: str, reference: str, half: float) -> Rule:
    options: dict[str, Any] = {"measure": measure, "half": half}
    return Rule(name, reference, partial(rates.log_interval, **options), partial(rates.log_zscore, **options))


_MN_NAME = "Miettinen-Nurminen score (variance times N/(N-1))"

RULES: dict[str, dict[str, Rule]] = {
    "difference": {
        "score": _score("difference", _MN_NAME, _MN, True),
        "mee": _score("difference", "Mee score (variance without N/(N-1))", _MEE, False),
        "newcombe": Rule(
            "Newcombe hybrid of two Wilson intervals", _NEWCOMBE, rates.newcombe_interval, rates.newcombe_zscore
        ),
        "agresti_caffo": Rule(
            "Agresti-Caffo: Wald with one event and one failure added to each group",
            _CAFFO,
            rates.agresti_caffo_interval,
            rates.agresti_caffo_zscore,
        ),
        "wald": Rule("Wald (unpooled variance)", _NEWCOMBE, rates.wald_interval, rates.wald_zscore),
    },
    "ratio": {
        "score": _score("ratio", _MN_NAME, _MN, True),
        "koopman": _score("ratio", "Koopman score (variance without N/(N-1))", _KOOPMAN, False),
        "log": _log("ratio", "Katz: Wald on the log ratio", _KATZ, 0.0),
        "log_half": _log("ratio", "Walter: Wald on the log ratio, 1/2 added to events and sizes", _WALTER, 0.5),
    },
    "odds_ratio": {
        "score": _score("odds_ratio", _MN_NAME, _MN, True),
        "cornfield": _score("odds_ratio", "Cornfield score (uncorrected, without N/(N-1))", _CORNFIELD, False),
        "log": _log("odds_ratio", "Woolf: Wald on the log odds ratio", _WOOLF, 0.0),
        "log_half": _log("odds_ratio", "Gart: Wald on the log odds ratio, 1/2 added to each cell", _GART, 0.5),
    },
}

SINGLE_RULES: dict[str, Rule] = {
    "wilson": Rule("Wilson score", _WILSON, rates.wilson_interval, rates.wilson_zscore),
    "wald": Rule("Wald", _WILSON, rates.single_wald_interval, rates.single_wald_zscore),
    "clopper_pearson": Rule(
        "Clopper-Pearson: exact binomial tails",
        _PEARSON,
        rates.clopper_pearson_interval,
        rates.wilson_zscore,
        rates.binomial_tails,
    ),
}

_SCALES = {"difference": "risk_difference", "ratio": "risk_ratio", "odds_ratio": "odds_ratio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionsEstimate(Estimate):
    """A comparison of two proportions, with the counts that it came from.

    The standard error is that of the observed proportions (on the log scale for ratios); score methods do not use
    it, since each null value has its own.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`.
    x1, n1, x2, n2 : int or ndarray
        Events and people in group 1 and in group 2.

    Examples
    --------
    >>> import ketastats as ks
    >>> estimate = ks.effects.proportions(56, 70, 48, 80)
    >>> float(estimate.pvalue(0.10, alternative="greater"))
    0.0896
    """

    x1: Any
    n1: Any
    x2: Any
    n2: Any
    _rule: Rule

    def pvalue(self, null: Any = None, *, alternative: str = "two-sided") -> Any:
        """Return the p-value of a hypothesised value, by the same method as the interval.

        Parameters
        ----------
        null : array_like, optional
            Hypothesised value, by default no effect: 0 for a difference, 1 for a ratio.
        alternative : {"two-sided", "greater", "less"}
            "greater" asks whether the true value lies above `null`. Two-sided is twice the smaller one-sided p.

        Returns
        -------
        float or ndarray
            The p-value.
        """
        value = null if null is not None else float(self.scale != "risk_difference")
        return Estimate.pvalue(self, value, alternative=alternative)

    def ends(self, tail: float) -> tuple[Any, Any]:
        """Return the ends of the central interval by the chance that it leaves on each side.

        Parameters
        ----------
        tail : float
            One-sided error, e.g. 0.05 for the 90 % interval.

        Returns
        -------
        tuple of float or ndarray
            Lower and upper end.
        """
        low, high = self._rule.ends((self.x1, self.n1, self.x2, self.n2), tail)
        return low, high

    def _interval(self, level: float) -> tuple[Any, Any]:
        return self.ends(0.5 * (1 - level))

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        x1, n1, x2, n2, values = _validate.broadcast(x1=self.x1, n1=self.n1, x2=self.x2, n2=self.n2, null=null)
        return self._rule.one_sided((x1, n1, x2, n2), values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionEstimate(Estimate):
    """One proportion, with the counts that it came from.

    Parameters
    ----------
    point, standard_error, df, scale, method, references : object
        As in `Estimate`.
    x, n : int or ndarray
        Events and people.

    Examples
    --------
    >>> import ketastats as ks
    >>> float(ks.effects.proportion(14, 46).pvalue(1 / 3))
    0.677
    """

    x: Any
    n: Any
    _rule: Rule

    def _interval(self, level: float) -> tuple[Any, Any]:
        return self._rule.ends((self.x, self.n), 0.5 * (1 - level))

    def _one_sided(self, null: Any) -> tuple[Any, Any]:
        x, n, values = _validate.broadcast(x=self.x, n=self.n, null=null)
        return self._rule.one_sided((x, n), values)


def proportions(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, measure: str = "difference", method: str = "score"
) -> ProportionsEstimate:
    """Compare two independent proportions.

    Parameters
    ----------
    x1, n1, x2, n2 : int or array_like of int
        Events and people in group 1 and in group 2; they broadcast together.
    measure : {"difference", "ratio", "odds_ratio"}
        Group 1 minus group 2, rate of group 1 over rate of group 2, or odds over odds.
    method : str
        For the difference "score" (Miettinen-Nurminen), "mee", "newcombe", "agresti_caffo", "wald" or "exact"
        (unconditional); for the ratio "score" (Miettinen-Nurminen), "koopman", "log" (Katz), "log_half" (Walter, the
        adjusted log), "asinh", "mover" (of two Wilson intervals) or "exact" (unconditional; wide, since it holds at
        every rate, however near 0); for the odds ratio "score" (Miettinen-Nurminen), "cornfield", "log" (Woolf),
        "log_half" (Gart), "asinh", "asinh_adjusted", "smoothed" (towards independence), "mover", "exact" (conditional
        on the margins: Cornfield's exact interval, which Fisher's test inverts) or "midp" (the same with half the
        probability of the table itself). At 95 % the score interval of a difference covered at least 94.4 % of
        enumerated designs; "wald" is there to check what others printed, and covered as little as 89 %.

    Returns
    -------
    ProportionsEstimate
        Point, standard error, `confidence_interval` and `pvalue`. Intervals of a difference stay within -1 and 1.
        A ratio of nothing to something is 0, of something to nothing infinite, and where the counts say nothing
        about a ratio (0 of n against 0 of n) 1 with an interval from 0 to infinity.

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, or a choice is not known.
    BudgetExceeded
        If the exact interval of a difference or ratio is asked for too many people in all tables together.

    References
    ----------
    Miettinen & Nurminen (1985), Statistics in Medicine 4, 213-226, doi:10.1002/sim.4780040211.
    Newcombe (1998), Statistics in Medicine 17, 873-890,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    Koopman (1984), Biometrics 40, 513-517, doi:10.2307/2531405.

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.effects.proportions(56, 70, 48, 80).confidence_interval(0.95)
    >>> print(f"{interval.low:.4f} to {interval.high:.4f}")
    0.0528 to 0.3382
    >>> float(ks.effects.proportions(7, 34, 1, 34, measure="ratio", method="koopman").confidence_interval().high)
    42.576
    """
    events1, size1, events2, size2 = _validate.counts(x1, n1, x2, n2)
    kind = _validate.choice(measure, "measure", RULES)
    known = {**RULES[kind], **MORE_RULES[kind], **EXACT_RULES[kind], **SLOW_RULES[kind]}
    name = _validate.choice(method, "method", known)
    rule = known[name]
    if kind != "odds_ratio" and name == "exact":
        refuse_too_large(size1 + size2)
    a, b, c, d = (np.asarray(column, dtype=np.float64) for column in (events1, size1, events2, size2))
    point, error = rates.observed((a, b, c, d), kind)
    return ProportionsEstimate(
        point=point[()],
        standard_error=error[()],
        df=np.inf,
        scale=_SCALES[kind],
        method=rule.name,
        references=(rule.reference,),
        x1=events1[()],
        n1=size1[()],
        x2=events2[()],
        n2=size2[()],
        _rule=rule,
    )


def proportion(x: ArrayLike, n: ArrayLike, *, method: str = "wilson") -> ProportionEstimate:
    """Estimate one proportion.

    Parameters
    ----------
    x, n : int or array_like of int
        Events and people; they broadcast together.
    method : {"wilson", "clopper_pearson", "wald"}
        How interval and test are made.

    Returns
    -------
    ProportionEstimate
        Point, standard error, `confidence_interval` and `pvalue`.

    Raises
    ------
    InvalidArgument
        If a count is negative, not whole, or larger than its group, or the method is not known.

    References
    ----------
    Wilson (1927), JASA 22, 209-212, doi:10.1080/01621459.1927.10502953.
    Clopper & Pearson (1934), Biometrika 26, 404-413, doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.effects.proportion(13, 16, method="clopper_pearson").confidence_interval()
    >>> print(f"{interval.low:.4f} to {interval.high:.4f}")
    0.5435 to 0.9595
    """
    size = _validate.integers(n, "n", low=1)
    events, size = _validate.broadcast(x=_validate.integers(x, "x"), n=size)
    if np.any(events > size):
        at = np.unravel_index(int(np.argmax(events > size)), size.shape)
        raise InvalidArgument("x", int(events[at]), f"at most n, here {int(size[at])}", "x counts the events among n.")
    rule = SINGLE_RULES[_validate.choice(method, "method", SINGLE_RULES)]
    total = size.astype(np.float64)
    return ProportionEstimate(
        point=(events / total)[()],
        standard_error=np.sqrt(events * (total - events) / total**3)[()],
        df=np.inf,
        scale="proportion",
        method=rule.name,
        references=(rule.reference,),
        x=events[()],
        n=size[()],
        _rule=rule,
    )
