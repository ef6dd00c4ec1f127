"""A number that a source prints, as data that can be ruled on."""

from __future__ import annotations

from dataclasses import dataclass

from ..effects import Estimate, estimate
from ..reconstruct import CompatibleCounts, counts
from ..reported import Reported
from ._studies import Figure, Study

__all__ = ["Evidence", "printed_figure", "read_evidence", "study_label"]

_POINTS = "_points"
_SCALES = {"proportion": "proportion", "smd": "smd", "odds_ratio": "odds_ratio", "risk_ratio": "risk_ratio"}
_USUAL_LEVEL = Reported("95%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a printed number says, on the scale of an estimand; without data where it cannot be read so.

    Parameters
    ----------
    scale : str
        Estimand, or empty.
    data : Estimate, CompatibleCounts or None
        The number with its interval, or every count that prints the share.
    assumes : tuple of str
        What was assumed to read it.
    why_not : str
        Why there are no data, where there are none.
    """

    scale: str
    data: Estimate | CompatibleCounts | None
    assumes: tuple[str, ...] = ()
    why_not: str = ""


def read_evidence(figure: Figure, study: Study) -> Evidence:
    """Return a figure as an estimate, or as every count that prints its share.

    A printed interval is taken as it stands, at 95 % where the level is not stated. Without an interval a share is
    read as counts; where the number of people behind it is not stated, it is anything up to that of the study.
    """
    scale = "mean_difference" if figure.unit.endswith(_POINTS) else _SCALES.get(figure.unit, "")
    if not scale:
        why = "whether odds or risks is not said" if figure.unit == "times_as_likely" else "no scale to rule on"
        return Evidence(scale="", data=None, why_not=why)
    if figure.low is not None and figure.high is not None:
        return _interval(figure, scale, _number(figure.low), _number(figure.high))
    if figure.plus_minus is not None and figure.level is not None:
        value, half = _number(figure.value), _number(figure.plus_minus)
        return _interval(figure, scale, value - half, value + half)
    if scale == "proportion" and figure.value.relation == "=":
        return _share(figure, study)
    return Evidence(scale=scale, data=None, why_not="no interval is printed")


def _interval(figure: Figure, scale: str, low: float, high: float) -> Evidence:
    level = figure.level or _USUAL_LEVEL
    assumes = () if figure.level is not None else ("the level of the interval is not stated: read as 95 %",)
    read = estimate(_number(figure.value), low=low, high=high, level=_number(level), measure=scale)
    return Evidence(scale=scale, data=read, assumes=assumes)


def _share(figure: Figure, study: Study) -> Evidence:
    if figure.n is not None:
        return Evidence(scale="proportion", data=counts(n=figure.n, rate=figure.value))
    if study.n is None:
        return Evidence(scale="proportion", data=None, why_not="how many people it rests on is not said")
    assumes = (f"how many of the {study.n} people it rests on is not said: any number",)
    return Evidence(scale="proportion", data=counts(n=range(1, study.n + 1), rate=figure.value), assumes=assumes)


def _number(reported: Reported) -> float:
    return float(reported.value.scaleb(-2) if reported.percent else reported.value)


def printed_figure(figure: Figure) -> str:
    """Return a figure with its interval or spread, as printed."""
    text = figure.value.text
    if figure.low is not None and figure.high is not None:
        return f"{text} ({figure.low.text} to {figure.high.text})"
    return f"{text} \N{PLUS-MINUS SIGN} {figure.plus_minus.text}" if figure.plus_minus is not None else text


def study_label(study: Study) -> str:
    """Return a study as texts cite it: first author and year, or its key where the authors are not known."""
    name = study.authors.partition(",")[0].partition(" and ")[0].partition(" (")[0]
    return " ".join(part for part in (name, str(study.year or "")) if part) if name else study.key
