"""More methods for two proportions: hyperbolic, smoothed, MOVER, and the exact ones."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import BudgetExceeded
from ..numerics import conditional_odds, exact_difference, exact_ratio, rates, ratio_intervals
from ._rule import Rule

__all__ = ["EXACT_RULES", "LARGEST", "MORE_RULES", "SLOW_RULES", "refuse_too_large"]

_ASINH = "Newcombe 2001, American Statistician 55, 200-202"
_FAGERLAND = "Fagerland & Newcombe 2013, doi:10.1002/sim.5714"
_DONNER = "Donner & Zou 2012, Statistical Methods in Medical Research 21, 347-359"
_AGRESTI = "Agresti 1999, Biometrics 55, 597-602"
_CORNFIELD = "Cornfield 1956, Proceedings of the Third Berkeley Symposium 4, 135-148"
_MIDP = "Lancaster 1961, doi:10.1080/01621459.1961.10482105"
_BUEHLER = "Buehler 1957, doi:10.1080/01621459.1957.10501404"

#: People in all tables together for whom the exact interval of a difference or of a ratio is computed.
LARGEST = 200_000


def _asinh(measure: str, name: str, reference: str, added: float = 0.0, more: float = 0.0) -> Rule:
    options: dict[str, Any] = {"measure": measure, "added": added, "more": more}
    interval = partial(ratio_intervals.asinh_interval, **options)
    return Rule(name, reference, interval, partial(ratio_intervals.asinh_zscore, **options))


def _mover(measure: str, name: str) -> Rule:
    interval = partial(ratio_intervals.mover_interval, measure=measure)
    return Rule(name, _DONNER, interval, partial(ratio_intervals.mover_zscore, measure=measure))


def _conditional(name: str, reference: str, *, midp: bool) -> Rule:
    score = partial(rates.score_zscore, measure="odds_ratio", corrected=False)
    interval, tails = partial(conditional_odds.interval, midp=midp), partial(conditional_odds.tails, midp=midp)
    return Rule(name, reference, interval, score, tails, by_tail=True)


MORE_RULES: dict[str, dict[str, Rule]] = {
    "difference": {},
    "ratio": {
        "asinh": _asinh("ratio", "inverse sinh on the log ratio", _ASINH),
        "mover": _mover("ratio", "MOVER-R of two Wilson intervals"),
    },
    "odds_ratio": {
        "asinh": _asinh("odds_ratio", "inverse sinh on the log odds ratio", _ASINH),
        "asinh_adjusted": _asinh(
            "odds_ratio", "inverse sinh on the log odds ratio, 0.45 and 0.25 added to each cell", _FAGERLAND, 0.45, 0.25
        ),
        "smoothed": Rule(
            "Wald on the log odds ratio, smoothed towards independence",
            _AGRESTI,
            ratio_intervals.smoothed_interval,
            ratio_intervals.smoothed_zscore,
        ),
        "mover": _mover("odds_ratio", "MOVER-R of the odds at two Wilson intervals"),
    },
}

EXACT_RULES: dict[str, dict[str, Rule]] = {
    "difference": {
        "exact": Rule(
            "exact unconditional, tables ordered by the limits of Mee's 95 % score interval",
            _BUEHLER,
            exact_difference.interval,
            partial(rates.score_zscore, measure="difference", corrected=False),
            exact_difference.tails,
            by_tail=True,
        ),
    },
    "ratio": {},
    "odds_ratio": {
        "exact": _conditional("exact given all margins (Cornfield's exact interval)", _CORNFIELD, midp=False),
        "midp": _conditional("mid-p given all margins", _MIDP, midp=True),
    },
}

#: Methods that search a supremum for every look at a table, and take a tenth of a second for a small one.
SLOW_RULES: dict[str, dict[str, Rule]] = {
    "difference": {},
    "ratio": {
        "exact": Rule(
            "exact unconditional, tables ordered by the limits of Koopman's 95 % score interval",
            _BUEHLER,
            exact_ratio.interval,
            partial(rates.score_zscore, measure="ratio", corrected=False),
            exact_ratio.tails,
            by_tail=True,
        ),
    },
    "odds_ratio": {},
}


def refuse_too_large(people: NDArray[np.int64]) -> None:
    """Refuse tables whose exact intervals would take minutes."""
    total = int(np.sum(people))
    if total > LARGEST:
        advice = "Give fewer tables at a time, or use method='score'."
        raise BudgetExceeded("people", total, LARGEST, advice)
