"""How large could the difference in symptoms be that printed as p = 0.572?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from _figure import output_folder, write
from _johnson import NOT_THE_DATA, SDS, STUDY, joint, margin, outcome, register
from _johnson import symptoms as compatible

import ketastats as ks

NAME = "symptoms"
ALPHA = 0.05
POINTS = ("nice-qids-2.3", "rush-qids-3.0")
SCALE_SDS = (
    "lipsitz-2021/improvers-first",
    "lipsitz-2021/non-improvers-first",
    "lipsitz-2021/improvers-second",
    "lipsitz-2021/non-improvers-second",
    "karma-dep-2/qids-sd",
)
COLUMNS = ("n1", "n2", "low_min", "low_max", "high_min", "high_max", "threshold_margin", "ruling")


def compute() -> dict[str, Any]:
    """Return the intervals of every split, what they exclude, and what an F with the same p would say."""
    record = outcome("symptoms")
    found = compatible()
    margins = {key: _ruling(found, key, "smd") for key in SDS}
    verdict = _judge(found, SDS[0], "smd")
    return {
        "title": _title(margins, record.p.text),
        "printed": {"n": record.n, "p": record.p.text, "where": record.where, "note": record.note},
        "level": 1.0 - 2.0 * ALPHA,
        "splits": found.to_frame()[["n1", "n2", "t_low", "t_high", "d_low", "d_high"]].to_dict("list")
        | verdict.to_frame()[list(COLUMNS[2:7])].to_dict("list"),
        "says": found.identifiability,
        "assumes": list(found.assumptions),
        "surviving": joint().splits.tolist(),
        "threshold_sd": list(verdict.threshold_margin),
        "margins_sd": margins,
        "points": _points(),
        "f": [_f_test(1), _f_test(_visits() - 1)],
    }


def _title(margins: dict[str, Any], p: str) -> str:
    small, large = (margins[key] for key in SDS)
    excluded = "on no split" if not small["established"] else f"on {small['established']} splits"
    return (
        f"p = {p} excludes a difference of {large['printed']} SD only if the smaller group has at least "
        f"{large['smallest_group']} of the {large['n']} people, and one of {small['printed']} SD {excluded}"
    )


def _judge(found: ks.reconstruct.CompatibleMeans, key: str, scale: str) -> ks.Verdict:
    size = margin(key)["size"]
    record = outcome("symptoms")
    claim = ks.Claim(estimand=scale, region=ks.within(size), text=record.about, where=record.where)
    return ks.judge(claim, found, alpha=ALPHA)


def _ruling(found: ks.reconstruct.CompatibleMeans, key: str, scale: str) -> dict[str, Any]:
    """Return the ruling at one margin, and the smallest group on which it is established."""
    verdict = _judge(found, key, scale)
    frame = verdict.to_frame()
    held = frame[frame["ruling"] == "established"]
    return margin(key) | {
        "n": int(found.n1[0] + found.n2[0]),
        "ruling": str(verdict.ruling),
        "because": verdict.because,
        "splits": len(frame),
        "established": len(held),
        "smallest_group": int(held["n1"].min()) if len(held) else None,
    }


def _points() -> dict[str, Any]:
    """Return the same in points of the scale, under the standard deviations that comparable samples report."""
    sources: dict[str, list[str]] = {}
    for key in SCALE_SDS:
        figure = register().figure(key)
        sources.setdefault((figure.sd or figure.value).text, []).append(key)
    spreads = {}
    for sd in sorted(sources, key=float):
        found = compatible(sd=sd)
        verdict = _judge(found, POINTS[0], "mean_difference")
        spreads[sd] = {
            "sources": sources[sd],
            "limits": verdict.to_frame()[list(COLUMNS[:7])].to_dict("list"),
            "threshold": list(verdict.threshold_margin),
            "rulings": {key: _ruling(found, key, "mean_difference") for key in POINTS},
        }
    return {"margins": {key: margin(key) for key in POINTS}, "sds": spreads}


def _visits() -> int:
    """Return how often the scale was filled in: before the first infusion and after each."""
    return int(register().study(STUDY).figure("infusions").value.value) + 1


def _f_test(df1: int) -> dict[str, Any]:
    """Return what an F with this p says of the share of variance, at both ends of the rounding interval."""
    record = outcome("symptoms")
    ends = record.p.interval
    people = int(record.n or 0)
    df2 = df1 * (people - 2)
    statistic = ks.effects.f_from_p([float(ends.high), float(ends.low)], df1, df2)
    result: dict[str, Any] = {"df1": df1, "df2": df2, "f_statistic": statistic}
    for measure in ("partial_eta_squared", "cohens_f", "noncentrality"):
        estimate = ks.effects.variance_explained(statistic, df1, df2, measure=measure)
        interval = estimate.confidence_interval(1.0 - 2.0 * ALPHA)
        result[measure] = {"point": estimate.point, "low": interval.low, "high": interval.high}
    return result


def draw(numbers: dict[str, Any]) -> Any:
    """Draw the interval of every split in standard deviations and in points, and the share of variance of an F."""
    ratios = {"height_ratios": [1.45, 1.15, 0.55]}
    with ks.plots.figure(3, 1, height=9.2, title=numbers["title"], gridspec_kw=ratios) as (figure, axes):
        _draw_sd(axes[0], numbers)
        _draw_points(axes[1], numbers)
        _draw_f(axes[2], numbers)
        note = f"{NOT_THE_DATA} Model term and degrees of freedom are assumed."
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _draw_sd(ax: Any, numbers: dict[str, Any]) -> None:
    splits, margins, colours = numbers["splits"], numbers["margins_sd"], ks.plots.COLOURS
    ks.plots.plot_limits(splits, ax=ax)
    ax.plot(splits["n1"], splits["d_low"], color=colours["blue"], linewidth=1.2)
    for key, dash in zip(SDS, ("--", "-."), strict=True):
        for sign, mark in ((1, "+"), (-1, "\N{MINUS SIGN}")):
            ax.axhline(sign * margins[key]["size"], color=colours["red"], linestyle=dash, linewidth=1.1)
            _beside(ax, sign * margins[key]["size"], f"{mark}{margins[key]['printed']} SD")
    _mark_splits(ax, numbers)
    ax.text(6.2, 0.27, "d", color=colours["blue"])
    ax.text(10.2, 0.37, f"{100 * numbers['level']:.0f} % interval", color=colours["blue"], fontsize=9)
    _shade(ax, margins[SDS[1]]["smallest_group"], f"±{margins[SDS[1]]['printed']} SD excluded", 0.93)
    ax.set(xlim=(5, 41.5), ylim=(-0.7, 1.05), xlabel="", ylabel="Difference in SD")
    ax.set_title("If two groups were compared: d on every split; its sign is unknown, + is drawn")


def _mark_splits(ax: Any, numbers: dict[str, Any]) -> None:
    """Mark the splits that response and remission leave, neighbours labelled away from each other."""
    splits = numbers["splits"]
    sizes = [n1 for n1, _ in numbers["surviving"]]
    for n1, n2 in numbers["surviving"]:
        at = splits["n1"].index(n1)
        low, high = splits["low_min"][at], splits["high_max"][at]
        ax.vlines(n1, low, high, color=ks.plots.COLOURS["blue"], linewidth=2.2)
        ax.plot([n1], [splits["d_low"][at]], "D", color=ks.plots.COLOURS["blue"], markersize=5)
        side = "right" if n1 + 1 in sizes else "left" if n1 - 1 in sizes else "center"
        ax.text(n1, low - 0.04, f"{n1}/{n2}", ha=side, va="top", fontsize=8.5)
    ax.text(41.2, -0.6, "the splits that response and remission leave", ha="right", va="center", fontsize=8.5)


def _beside(ax: Any, height: float, text: str) -> None:
    ax.text(1.01, height, text, transform=ax.get_yaxis_transform(), va="center", fontsize=9, parse_math=False)


def _shade(ax: Any, first: int | None, text: str, height: float) -> None:
    """Shade the splits on which a margin is excluded."""
    if first is not None:
        ax.axvspan(first - 0.5, 41.5, color=ks.plots.COLOURS["green"], alpha=0.15, linewidth=0)
        ax.text(first - 0.2, height, text, fontsize=8.5, va="center", parse_math=False)


def _draw_points(ax: Any, numbers: dict[str, Any]) -> None:
    """Draw the threshold margin in points between the smallest and the largest standard deviation."""
    points, colours = numbers["points"], ks.plots.COLOURS
    spreads = list(points["sds"])
    smallest, largest = (points["sds"][sd]["limits"] for sd in (spreads[0], spreads[-1]))
    n1 = smallest["n1"]
    ax.fill_between(n1, smallest["high_min"], largest["high_max"], color=colours["sky"], alpha=0.35, linewidth=0)
    for sd, limits, key in ((spreads[0], smallest, "high_min"), (spreads[-1], largest, "high_max")):
        ax.plot(n1, limits[key], color=colours["blue"], linewidth=1.2)
        ax.annotate(f"SD {sd}", (12, limits[key][11]), xytext=(0, 4), textcoords="offset points", fontsize=8.5)
    for (key, record), dash in zip(points["margins"].items(), ("--", "-."), strict=True):
        ax.axhline(record["size"], color=colours["red"], linestyle=dash, linewidth=1.1, label=key)
        _beside(ax, record["size"], f"{record['printed']} points")
    for first, _ in numbers["surviving"]:
        at = n1.index(first)
        ax.vlines(first, smallest["high_min"][at], largest["high_max"][at], color=colours["blue"], linewidth=2.2)
    ax.set(xlim=(5, 41.5), ylim=(1.6, 6.0), xlabel="People in the smaller group", ylabel="Threshold margin (points)")
    ax.set_title("In points of the QIDS-SR16: the smallest margin that could be established")


def _draw_f(ax: Any, numbers: dict[str, Any]) -> None:
    """Draw the share of the remaining variance that the term could explain."""
    for row, test in enumerate(numbers["f"]):
        eta = {end: 100.0 * max(test["partial_eta_squared"][end]) for end in ("point", "low", "high")}
        ax.hlines(row, eta["low"], eta["high"], color=ks.plots.COLOURS["blue"], linewidth=2.2)
        ax.plot([eta["point"]], [row], "D", color=ks.plots.COLOURS["blue"], markersize=5)
        what = "two groups" if test["df1"] == 1 else "groups by visits"
        name = f"{what}: F({test['df1']}, {test['df2']}) = {max(test['f_statistic']):.2f}, up to {eta['high']:.1f} %"
        ax.text(0.0, row - 0.34, name, va="center", fontsize=8.5, parse_math=False)
    note = "How much this is in SD or in points depends on\nthe correlation between visits: not reported."
    ax.text(2.75, len(numbers["f"]) - 1, note, va="center", fontsize=8.5)
    ax.set(xlim=(-0.1, 6.2), ylim=(len(numbers["f"]) - 0.6, -0.75), yticks=[])
    ax.set_xlabel("Share of the variance that other terms leave (partial η², %)")
    ax.set_title(f"If it was an F test: {100 * numbers['level']:.0f} % interval of what the term explains")


ALT = (
    "Three panels. Top: standardised mean difference and its 90 % interval against the size of the smaller group, a "
    "band that narrows as the groups become equal; it stays inside plus or minus 0.50 SD only at the shaded right end "
    "and crosses plus 0.24 SD everywhere. Middle: the smallest margin that could be established in points of the "
    "QIDS-SR16, a band between two standard deviations that reaches below 3.0 points on splits that are about even, "
    "and below 2.3 points only with the smaller standard deviation. Bottom: the share of variance that an F with 1 or "
    "with 4 numerator degrees of freedom leaves possible."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
