"""Intervals of many data sets below each other, against the margins that a claim of no difference could use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _validate
from ..equivalence import EquivalenceResult
from ..errors import InvalidArgument
from ..verdict import Verdict
from ._columns import FloatArray, columns_of, numbers_of, one_of_each
from ._style import COLOURS, axes_or_new, plain_log_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_forest"]

_DASHES = ("-", "--", ":")
_WANTED = "an EquivalenceResult, another result with low and high, or a Verdict on one claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What is drawn on each line, on the scale of the drawing."""

    low: FloatArray
    high: FloatArray
    point: FloatArray | None
    threshold: FloatArray | None
    labels: list[str]
    # The margin of each row, where the result was made for one.
    margin: tuple[FloatArray, FloatArray] | None
    ratio: bool
    scale: float


def plot_forest(
    members: Verdict | EquivalenceResult | Mapping[str, Any],
    *,
    ax: Axes | None = None,
    margins: Sequence[float | tuple[float, float]] | None = None,
    labels: Sequence[str] | None = None,
    marked: ArrayLike | None = None,
    scale: float | None = None,
    ratio: bool | None = None,
    **style: Any,
) -> Axes:
    """Draw the interval of each data set on a line of its own, its threshold margin at the right.

    Parameters
    ----------
    members : Verdict, EquivalenceResult or mapping
        A verdict on one claim, the result of an equivalence test (or of any other question that gives ``low`` and
        ``high``), or plain columns: low and high, and where they are known estimate, threshold_margin, margin_low and
        margin_high; x1, n1, x2, n2 name a row by its table, n1 and n2 by its groups. Of a verdict on means the limits
        low_min and high_max are drawn, the outermost that print so.
    ax : Axes, optional
        Where to draw; a new figure if not given.
    margins : sequence of float or of pairs, optional
        Margins to draw and label, on the scale of the estimate: a number m stands for -m and m (for a ratio, 1/m and
        m). By default those that the result was made for.
    labels : sequence of str, optional
        One label for each row, instead of its table or its groups.
    marked : array_like of bool, optional
        Data sets to draw filled and bold; by default all.
    scale : float, optional
        What the numbers are multiplied by; 100 shows risk differences in percentage points, and is the default for a
        verdict on one and for columns with x1. Otherwise 1.
    ratio : bool, optional
        Whether no difference is 1 and the axis logarithmic; by default so for a verdict on a ratio.
    **style
        Passed on to ``Axes.hlines`` for the intervals.

    Returns
    -------
    Axes
        The axes, the first data set on top. An infinite end (for a ratio also 0) ends in an arrow at the edge.

    Raises
    ------
    InvalidType
        If `members` is neither a result nor a mapping.
    InvalidArgument
        If columns are missing or do not fit, or the verdict is on several claims.

    Examples
    --------
    >>> import ketastats as ks
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
    >>> verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    >>> ax = ks.plots.plot_forest(verdict, margins=[0.10])
    >>> len(ax.get_yticks())
    14
    >>> result = ks.equivalence.means([9.8, 10.4], 4.5, 37, 13.7, 5.8, 46, margin=(-2.0, 3.0))
    >>> ax = ks.plots.plot_forest(result, labels=["week 1", "week 2"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['week 1', 'week 2']
    """
    drawn = _rows(members, labels, scale, ratio)
    shown = _marked(marked, drawn.low.size)
    axes = axes_or_new(ax)
    places = range(drawn.low.size)
    if drawn.ratio:
        axes.set_xscale("log")
    axes.axvline(drawn.scale if drawn.ratio else 0.0, color=COLOURS["black"], linewidth=0.8)
    if margins is None:
        _own_margins(axes, drawn)
    else:
        _margins(axes, _pairs(margins, drawn))
    colours = np.where(shown, COLOURS["blue"], COLOURS["grey"])
    look: dict[str, Any] = {"colors": colours, "linewidth": np.where(shown, 2.2, 1.2)} | style
    ends = _within_axes(axes, drawn)
    axes.hlines(places, *ends, **look)
    _points(axes, drawn, shown)
    axes.set_yticks(places, drawn.labels, parse_math=False)
    for row, label in zip(places, axes.get_yticklabels(), strict=True):
        weight = "bold" if shown[row] and marked is not None else "normal"
        label.set_fontweight(weight)
        if drawn.threshold is not None:
            axes.text(1.13, row, _digits(drawn.threshold[row], drawn.scale), transform=axes.get_yaxis_transform(),
                      ha="right", va="center", fontsize=9, fontweight=weight)  # fmt: skip
    if drawn.ratio:
        plain_log_ticks(axes.xaxis)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_ylim(drawn.low.size - 0.4, -1.6)
    return axes


def _rows(members: Any, labels: Sequence[str] | None, scale: float | None, ratio: bool | None) -> _Rows:
    """Return what to draw, whatever it comes from."""
    verdict = members if isinstance(members, Verdict) else None
    if verdict is not None and verdict.parts:
        raise InvalidArgument(
            "members", sorted(verdict.parts), "a verdict on one claim", "Draw each of its `parts` on axes of its own."
        )
    columns = verdict.members if verdict is not None else columns_of(members, "members", _WANTED)
    estimand = getattr(verdict.claim, "estimand", "") if verdict is not None else ""
    if scale is None:
        scale = 100.0 if estimand == "risk_difference" or (verdict is None and "x1" in columns) else 1.0
    scale = _validate.real(scale, "scale", low=0.0, open_low=True)
    names = ["low_min", "high_max"] if "low_min" in columns else ["low", "high"]
    optional = [name for name in ("estimate", "threshold_margin", "margin_low", "margin_high") if name in columns]
    numbers = one_of_each(numbers_of(columns, [*names, *optional], "members"))
    found = dict(zip(["low", "high", *optional], (scale * column for column in numbers), strict=True))
    pair = ("margin_low", "margin_high")
    return _Rows(
        low=found["low"],
        high=found["high"],
        point=found.get("estimate"),
        threshold=found.get("threshold_margin"),
        labels=_labels(columns, labels, found["low"].size),
        margin=(found[pair[0]], found[pair[1]]) if set(pair) <= found.keys() else None,
        ratio=estimand in ("risk_ratio", "odds_ratio") if ratio is None else bool(ratio),
        scale=scale,
    )


def _labels(columns: Mapping[str, Any], labels: Sequence[str] | None, size: int) -> list[str]:
    """Return the name of each row."""
    if labels is not None:
        texts = [labels] if isinstance(labels, str) else [str(label) for label in labels]
        if len(texts) != size:
            raise InvalidArgument("labels", texts, f"{size} texts, one for each row")
        return texts
    for names, form in (
        (("x1", "n1", "x2", "n2"), "{:g}/{:g} v {:g}/{:g}"),
        (("n1", "n2"), "{:g} v {:g}"),
        (("element",), "{:g}"),
    ):
        if set(names) <= columns.keys():
            each = [np.broadcast_to(np.asarray(columns[name]).ravel(), size) for name in names]
            return [form.format(*row) for row in zip(*each, strict=True)]
    return [""] if size == 1 else [str(row + 1) for row in range(size)]


def _marked(marked: ArrayLike | None, size: int) -> Any:
    if marked is None:
        return np.ones(size, dtype=bool)
    shown = np.asarray(marked, dtype=bool)
    if shown.shape != (size,):
        raise InvalidArgument("marked", marked, f"{size} truth values, one for each row")
    return shown


def _digits(value: float, scale: float) -> str:
    """Return a threshold margin as text: a decimal of a percentage point, or three digits."""
    return f"{value:.1f}" if scale == 100.0 else f"{value:.3g}"


def _pairs(margins: Sequence[float | tuple[float, float]], drawn: _Rows) -> list[tuple[float, float, bool]]:
    """Return each margin as its two ends, the narrowest first, and whether one number stands for both."""
    pairs = []
    for at, margin in enumerate(margins):
        name = f"margins[{at}]"
        if np.ndim(margin):
            low, high = (drawn.scale * end for end in _validate.margin(margin, name))
            pairs.append((low, high, False))
        else:
            size = _validate.real(margin, name, low=1.0 if drawn.ratio else 0.0, open_low=True)
            pairs.append((drawn.scale * (1.0 / size if drawn.ratio else -size), drawn.scale * size, not drawn.ratio))
    return sorted(pairs, key=lambda pair: pair[1] - pair[0])


def _own_margins(axes: Axes, drawn: _Rows) -> None:
    """Draw the margin that each row was tested against: as lines where all have the same, else as ticks."""
    if drawn.margin is None:
        return
    low, high = drawn.margin
    if np.all(low == low[0]) and np.all(high == high[0]):
        _margins(axes, [(float(low[0]), float(high[0]), bool(low[0] == -high[0]))])
        return
    rows = np.arange(low.size)
    for ends in (low, high):
        there = np.isfinite(ends)
        axes.vlines(ends[there], rows[there] - 0.35, rows[there] + 0.35, color=COLOURS["red"], linewidth=1.6)


def _margins(axes: Axes, pairs: Sequence[tuple[float, float, bool]]) -> None:
    """Draw a labelled pair of lines for each margin."""
    for at, (low, high, symmetric) in enumerate(pairs):
        # The narrowest margin is labelled towards zero, where there is room, the others away from it.
        inwards = at == 0 and len(pairs) > 1
        for side in (low, high):
            if np.isfinite(side):
                axes.axvline(side, color=COLOURS["red"], linewidth=1.1, linestyle=_DASHES[at % len(_DASHES)])
        for sign, side in ((-1, low), (1, high)):
            right = (sign > 0) != inwards
            if np.isfinite(side):
                axes.annotate(
                    f"{abs(side) if symmetric else side:.4g}",
                    (side, -1.0),
                    xytext=(1.5 if right else -1.5, 0),
                    textcoords="offset points",
                    ha="left" if right else "right",
                    va="center",
                    fontsize=7.5,
                    color=COLOURS["red"],
                )


def _within_axes(axes: Axes, drawn: _Rows) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the intervals, those at infinity moved to the edge of the axes, where an arrow says so."""
    lowest = 0.0 if drawn.ratio else -np.inf
    open_low, open_high = drawn.low <= lowest, drawn.high == np.inf
    if not (open_low.any() or open_high.any()):
        return drawn.low, drawn.high
    ends = [drawn.low[~open_low], drawn.high[~open_high], [line.get_xdata()[0] for line in axes.lines]]  # type: ignore[index]
    if drawn.point is not None:
        ends.append(drawn.point[np.isfinite(drawn.point) & (drawn.point > lowest)])
    known = np.concatenate([np.asarray(end, dtype=float) for end in ends])
    span = known.min(), known.max()
    if drawn.ratio:
        wider = max((span[1] / span[0]) ** 0.1, 1.2)
        left, right = span[0] / wider, span[1] * wider
    else:
        wider = 0.1 * max(span[1] - span[0], 1e-9)
        left, right = span[0] - wider, span[1] + wider
    low, high = np.where(open_low, left, drawn.low), np.where(open_high, right, drawn.high)
    rows = np.arange(low.size)
    axes.plot(low[open_low], rows[open_low], "<", high[open_high], rows[open_high], ">", color=COLOURS["blue"],
              markersize=6, clip_on=False)  # fmt: skip
    axes.set_xlim(left, right)
    return low, high


def _points(axes: Axes, drawn: _Rows, shown: Any) -> None:
    """Draw the estimates, filled where they are marked."""
    if drawn.point is None:
        return
    there = np.isfinite(drawn.point) & ((drawn.point > 0.0) | (not drawn.ratio))
    for which, look in (
        (shown & there, {"marker": "D", "color": COLOURS["blue"]}),
        (~shown & there, {"marker": "o", "markerfacecolor": "white", "markeredgecolor": COLOURS["grey"]}),
    ):
        axes.plot(drawn.point[which], np.nonzero(which)[0], linestyle="", markersize=5, **look)  # type: ignore[arg-type]
