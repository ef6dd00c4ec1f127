"""A printed confidence interval against its estimate, standard error and p-value."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import _validate
from ..errors import InvalidArgument, InvalidType
from ..reported import Rounding
from ._base import IMPOSSIBLE, Consistency, least_assumption
from ._columns import cells, lengths, several, words
from ._departures import NOT_SYMMETRIC, Departure, departures
from ._printed import EQUAL, Column, read_column
from ._printed_limits import FISHER, LOG, PLAIN, PrintedLimits

__all__ = ["confidence_interval"]

_RATIOS = ("risk_ratio", "odds_ratio", "mean_ratio", "rate_ratio", "hazard_ratio")
_MEASURES = ("mean_difference", "smd", "risk_difference", "rate_difference", "coefficient", "correlation", *_RATIOS)
FloatArray = NDArray[np.float64]

_OTHER_NAMES = {
    "MD": "mean_difference",
    "SMD": "smd",
    "RD": "risk_difference",
    "RR": "risk_ratio",
    "OR": "odds_ratio",
    "HR": "hazard_ratio",
    "IRR": "rate_ratio",
    "r": "correlation",
}
# Below it the interval is a single point.
_LEAST_LEVEL = 1e-12
_SIDES = ("two-sided", "one-sided")
_REFERENCES = ("Altman & Bland 2011, doi:10.1136/bmj.d2304", "Altman & Bland 2011, doi:10.1136/bmj.d2090")


def confidence_interval(
    estimate: Any,
    low: Any,
    high: Any,
    *,
    level: ArrayLike,
    p: Any = None,
    se: Any = None,
    df: ArrayLike = np.inf,
    n: Any = None,
    measure: Any = "mean_difference",
    alternative: Any = "two-sided",
    levels: ArrayLike = (0.90, 0.95, 0.99),
    rounding: str = "half",
) -> Consistency:
    """Ask whether a printed interval, its estimate, its standard error and its p-value can belong together.

    An interval of estimate and standard error is symmetric about the estimate, on the log scale for ratios and on the
    scale of Fisher's z for correlations, and its p-value follows from it. The numbers agree when one estimate with one
    standard error prints as all of them. Each argument may be a column.

    Parameters
    ----------
    estimate : str or sequence of str, or None
        The estimate as printed; None where only the interval was.
    low, high : str or sequence of str, or None
        The limits as printed; None for one of them where the interval is one-sided.
    level : array_like
        Confidence level of the interval; above one half where it has a single limit.
    p : str or sequence of str, optional
        The p-value of no difference, as printed.
    se : str or sequence of str, optional
        The standard error as printed; for a ratio that of its logarithm, for a correlation that of Fisher's z.
    df : array_like
        Degrees of freedom; infinite for the normal distribution.
    n : int or sequence of int, optional
        People over whom a mean was taken, to ask whether the standard error is a standard deviation, and whether t with
        n - 1 degrees of freedom was used where `df` is infinite.
    measure : str or sequence of str
        What is estimated: ``mean_difference``, ``smd``, ``risk_difference``, ``rate_difference``, ``coefficient`` or
        ``correlation``; ``risk_ratio``, ``odds_ratio``, ``mean_ratio``, ``rate_ratio`` or ``hazard_ratio``; or
        their abbreviations, such as ``OR``.
    alternative : str or sequence of str
        Whether p was stated to be ``"two-sided"`` or ``"one-sided"`` (the tail on which the estimate lies).
    levels : array_like
        Other levels that the interval may have.
    rounding : str
        How digits were cut, one of `Rounding`.

    Returns
    -------
    Consistency
        One row per interval. Columns: what was printed, and what the limits alone imply: middle_low and middle_high
        (the estimate, were the interval symmetric), se_low and se_high, p_low and p_high.
        ``"only if the interval is not symmetric"`` asks least: the estimate inside, and p below 1 - level only where no
        difference is outside.

    Raises
    ------
    InvalidType
        If a printed number is no text.
    InvalidArgument
        If an argument is out of range, or the columns differ in length.

    References
    ----------
    .. [1] Altman DG, Bland JM (2011). How to obtain the P value from a confidence interval. BMJ 343, d2304.
       doi:10.1136/bmj.d2304
    .. [2] Altman DG, Bland JM (2011). How to obtain the confidence interval from a P value. BMJ 343, d2090.
       doi:10.1136/bmj.d2090

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.consistency.confidence_interval("0.62", "0.39", "1.00", level=0.95, measure="odds_ratio", p="0.048")
    >>> found.label.tolist(), round(float(found["p_low"][0]), 3), round(float(found["p_high"][0]), 3)
    (['consistent'], 0.048, 0.052)
    >>> ks.consistency.confidence_interval("2.3", "1.1", "4.8", level=0.95).label.tolist()
    ['only if symmetric on the log scale']
    """
    rule = Rounding(_validate.choice(rounding, "rounding", tuple(Rounding)))
    others = several(levels, "levels", low=_LEAST_LEVEL, high=1.0)
    printed, measures = _read(
        {"estimate": estimate, "low": low, "high": high, "p": p, "se": se},
        {"level": level, "df": df, "n": n, "measure": measure, "alternative": alternative},
        rule,
    )
    holds = {
        departure.label: printed.holds(departure)
        for departure in departures(others, truncates=rule is Rounding.TRUNCATE)
    }
    holds[NOT_SYMMETRIC] = printed.asymmetric((printed.scale == LOG).astype(np.float64))
    label = least_assumption(holds)
    columns = _columns(printed, measures)
    return Consistency(
        label=label,
        holds=holds,
        columns=columns,
        method="interval, estimate, standard error and p-value held together",
        references=_REFERENCES,
        assumptions=(
            f"All numbers were cut by the rule {rule.value!r}.",
            "The interval is the estimate plus and minus a multiple of its standard error, on the stated scale.",
            "p is of no difference: 0, or a ratio of 1.",
        ),
        _explain=partial(_sentence, columns, label),
    )


def _read(texts: dict[str, Any], given: dict[str, Any], rule: Rounding) -> tuple[PrintedLimits, NDArray[np.str_]]:
    """Return the columns as arrays of one length, and what is estimated in each row."""
    rows = {name: cells(value, name) for name, value in texts.items()}
    rows |= {name: cells(given[name], name) for name in ("n", "measure", "alternative")}
    chance = _validate.array(given["level"], "level", low=_LEAST_LEVEL).reshape(-1)
    if np.any(chance >= 1.0):
        remedy = "Write 0.95 for 95 %."
        raise InvalidArgument("level", float(chance[chance >= 1.0][0]), "numbers above 0 and below 1", remedy)
    freedom = _validate.array(given["df"], "df", low=0.0, open_low=True, infinite=True).reshape(-1)
    number = lengths(**rows, level=chance.tolist(), df=freedom.tolist())
    known, columns = {}, {}
    for name in texts:
        known[name] = np.broadcast_to(np.array([cell is not None for cell in rows[name]], dtype=bool), (number,))
        filled = ["0" if cell is None else cell for cell in rows[name]]
        columns[name] = read_column(filled, name, rule, number, relations=True)
    _refuse(columns, known, np.broadcast_to(chance, (number,)))
    people = _validate.integers([0 if cell is None else cell for cell in rows["n"]], "n", low=0)
    of_measure = np.array(_MEASURES)[words(rows["measure"], "measure", _MEASURES, number, _OTHER_NAMES)]
    printed = PrintedLimits(
        estimate=columns["estimate"],
        low=columns["low"],
        high=columns["high"],
        se=columns["se"],
        p=columns["p"],
        known=known,
        level=np.broadcast_to(chance, (number,)),
        df=np.broadcast_to(freedom, (number,)),
        n=np.broadcast_to(people.astype(np.float64), (number,)),
        scale=np.where(np.isin(of_measure, _RATIOS), LOG, np.where(of_measure == "correlation", FISHER, PLAIN)),
        one_sided=words(rows["alternative"], "alternative", _SIDES, number) == 1,
    )
    return printed, of_measure


def _refuse(columns: dict[str, Column], known: dict[str, NDArray[np.bool_]], level: FloatArray) -> None:
    """Refuse limits, estimates and errors that are no single numbers, and rows without a limit."""
    if not np.all(known["low"] | known["high"]):
        raise InvalidType("low", None, "at least one limit in each row", "Give low, high, or both.")
    wide = (known["low"] ^ known["high"]) & (level <= 0.5)
    if wide.any():
        raise InvalidArgument("level", float(level[wide][0]), "above 0.5 where there is a single limit")
    for name in ("estimate", "low", "high", "se"):
        column = columns[name]
        wrong = np.nonzero(column.relation != EQUAL)[0]
        if wrong.size:
            raise InvalidArgument(name, column.text(int(wrong[0])), "one printed number, without < or >")


def _columns(printed: PrintedLimits, measures: NDArray[np.str_]) -> dict[str, NDArray[Any]]:
    stated, swapped = Departure(), Departure(swapped=True)
    ranges = []
    for departure in (stated, swapped):
        parts = printed.octagon(departure, alone=True)
        total, width = parts[3], parts[4]
        multiple = 2.0 * printed.quantile(departure)
        p = printed.p_range(departure, parts)
        half = np.where(printed.one_sided, 0.5, 1.0)
        with np.errstate(over="ignore"):
            middle = tuple(
                np.select(
                    [printed.scale == LOG, printed.scale == FISHER], [np.exp(half_way), np.tanh(half_way)], half_way
                )
                for half_way in (0.5 * total[0], 0.5 * total[1])
            )
        ranges.append([*middle, *(np.maximum(end, 0.0) / multiple for end in width), *(half * end for end in p)])
    both = [np.where(printed.turned, other, one) for one, other in zip(*ranges, strict=True)]
    names = ("middle_low", "middle_high", "se_low", "se_high", "p_low", "p_high")
    texts = {name: _texts(printed, name) for name in ("estimate", "low", "high", "se", "p")}
    return {"measure": measures, **texts, "level": printed.level, **dict(zip(names, both, strict=True))}


def _texts(printed: PrintedLimits, name: str) -> NDArray[np.str_]:
    column: Column = getattr(printed, name)
    return np.where(printed.known[name], column.texts, "")


def _sentence(columns: dict[str, NDArray[Any]], label: NDArray[np.str_], row: int) -> str:
    value = {name: column[row] for name, column in columns.items()}
    limits = f"{value['low']} to {value['high']}"
    if not (value["low"] and value["high"]):
        limits = f"above {value['low']}" if value["low"] else f"below {value['high']}"
    given = f"{100 * value['level']:g} % interval {limits}"
    implies = (
        f"has its middle at {value['middle_low']:.4g} to {value['middle_high']:.4g}, a standard error of "
        f"{value['se_low']:.3g} to {value['se_high']:.3g} and p of {value['p_low']:.3g} to {value['p_high']:.3g}"
    )
    names = (("estimate", "an estimate of"), ("se", "a standard error of"), ("p", "p"))
    beside = " and ".join(f"{word} {value[name]}" for name, word in names if value[name]) or "nothing else"
    verdict = str(label[row])
    end = {"consistent": "they agree", IMPOSSIBLE: "nothing makes them agree"}.get(verdict, f"they agree {verdict}")
    return f"The {given} {implies}; beside it stands {beside}: {end}."
