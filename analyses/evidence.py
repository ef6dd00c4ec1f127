"""How strongly do the printed p-values speak for no difference?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from _figure import output_folder, write
from _johnson import NOT_THE_DATA, PROPORTIONS, SDS, joint, margin, outcome, survivors
from _johnson import symptoms as compatible

import ketastats as ks

NAME = "evidence"
#: Scales of the Cauchy prior in standard deviations; the default of the JZS factor is among them.
MEDIUM = math.sqrt(0.5)
SCALES = np.unique([*np.linspace(0.10, 1.50, 29), MEDIUM])
EFFECTS = np.linspace(-0.60, 0.80, 141)


def compute() -> dict[str, Any]:
    """Return Bayes factors over splits, scales and tables, and the compatibility curves of the surviving splits."""
    record = outcome("symptoms")
    found = compatible()
    together = joint()
    splits = together.splits.tolist()
    jzs = _jzs(found, splits)
    tables = {name: _tables(together, name) for name in PROPORTIONS}
    return {
        "title": _title(jzs, tables),
        "printed": {"n": record.n, "p": record.p.text, "where": record.where, "note": record.note},
        "surviving": splits,
        "margins": {key: margin(key) for key in SDS},
        "jzs": jzs,
        "interval": {key: _interval(found, splits, key) for key in SDS},
        "compatibility": _compatibility(found, splits),
        "tables": tables,
        "assumes": list(together.assumptions),
    }


def _title(jzs: dict[str, Any], tables: dict[str, Any]) -> str:
    factors = {"symptoms": jzs["medium"]["surviving"]} | {name: part["surviving"] for name, part in tables.items()}
    shown = [f"{low:.1f} to {high:.1f} for {name}" for name, (low, high) in factors.items()]
    return f"The data favour no difference moderately at best: Bayes factors {', '.join(shown[:-1])} and {shown[-1]}"


def _ends(found: ks.reconstruct.CompatibleMeans, rows: Any = slice(None)) -> tuple[Any, Any, Any]:
    """Return the two ends of t on the splits asked for, ready to broadcast against scales of the prior."""
    return np.stack([found.t_low, found.t_high])[:, rows, None], found.n1[rows, None], found.n2[rows, None]


def _rows(found: ks.reconstruct.CompatibleMeans, splits: list[list[int]]) -> list[int]:
    return [found.n1.tolist().index(n1) for n1, _ in splits]


def _jzs(found: ks.reconstruct.CompatibleMeans, splits: list[list[int]]) -> dict[str, Any]:
    t, n1, n2 = _ends(found)
    result = ks.evidence.means(t=t, n1=n1, n2=n2, scale=SCALES)
    every, kept = _range(result.bf01), _range(result.bf01[:, _rows(found, splits)])
    return {
        "method": result.method,
        "null": result.null,
        "splits": len(found),
        "scale": SCALES,
        "all": every,
        "surviving": kept,
        "medium": {"scale": MEDIUM, "all": _medium(every), "surviving": _medium(kept)},
    }


def _interval(found: ks.reconstruct.CompatibleMeans, splits: list[list[int]], key: str) -> dict[str, Any]:
    """Return the factor of the inside of a margin over its outside, on the surviving splits."""
    t, n1, n2 = _ends(found, _rows(found, splits))
    result = ks.evidence.means_interval(t=t, n1=n1, n2=n2, margin=margin(key)["size"], scale=SCALES)
    kept, mass = _range(result.bf01), _range(result.posterior_mass)
    return {
        "method": result.method,
        "null": result.null,
        "scale": SCALES,
        "surviving": kept,
        "prior_mass": result.prior_mass[0, 0],
        "posterior_mass": mass,
        "medium": {"scale": MEDIUM, "surviving": _medium(kept), "posterior_mass": _medium(mass)},
    }


def _range(values: Any) -> dict[str, Any]:
    """Return the smallest and the largest value over the ends of t and the splits, at each scale."""
    return {"low": values.min(axis=(0, 1)), "high": values.max(axis=(0, 1))}


def _medium(values: dict[str, Any]) -> list[float]:
    at = int(np.flatnonzero(SCALES == MEDIUM)[0])
    return [float(values["low"][at]), float(values["high"][at])]


def _compatibility(found: ks.reconstruct.CompatibleMeans, splits: list[list[int]]) -> dict[str, Any]:
    """Return the curve of each surviving split in the middle of its range of t, and at the published margins."""
    curves: dict[str, Any] = {}
    known = [sign * margin(key)["size"] for key in SDS for sign in (1, -1)]
    for row in _rows(found, splits):
        middle = 0.5 * (found.t_low[row] + found.t_high[row])
        d = ks.effects.smd_from_t(middle, found.n1[row], found.n2[row])
        curve, marks = ks.evidence.compatibility(d, EFFECTS), ks.evidence.compatibility(d, known)
        curves[f"{found.n1[row]}/{found.n2[row]}"] = {
            "d": d.point,
            "value": curve.value,
            "pvalue": curve.pvalue,
            "svalue": curve.svalue,
            "at_margins": {"value": marks.value, "pvalue": marks.pvalue, "svalue": marks.svalue},
        }
    return curves


def _tables(found: ks.reconstruct.CompatibleOutcomes, name: str) -> dict[str, Any]:
    """Return the Bayes factor of every compatible table of one outcome."""
    part = found.sets[name]
    columns = {key: getattr(part, key) for key in ("x1", "n1", "x2", "n2")}
    result = ks.evidence.proportions(**columns)
    kept = np.array(survivors(found, name))
    return {
        "p": outcome(name).p.text,
        "columns": columns | {"bf01": result.bf01, "survives": kept},
        "all": [result.bf01.min(), result.bf01.max()],
        "surviving": [result.bf01[kept].min(), result.bf01[kept].max()],
        "prior": result.prior,
        "method": result.method,
    }


DASHES = {"28/55": "-.", "37/46": "-", "38/45": "--"}
MARKERS = {"response": "o", "remission": "s"}


def draw(numbers: dict[str, Any]) -> Any:
    """Draw Bayes factors against the scale of the prior, the compatibility curves, and the factor of every table."""
    with ks.plots.figure(2, 2, height=7.6, title=numbers["title"]) as (figure, axes):
        _draw_jzs(axes[0, 0], numbers)
        _draw_interval(axes[0, 1], numbers)
        _draw_compatibility(axes[1, 0], numbers)
        _draw_tables(axes[1, 1], numbers)
        note = f"A Bayes factor of 3 makes even odds 3 to 1. {NOT_THE_DATA}"
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _factors(ax: Any, ticks: Sequence[float]) -> None:
    """Give an axis of Bayes factors a logarithmic scale with plain numbers."""
    ax.set_yscale("log")
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.axhline(1.0, color=ks.plots.COLOURS["black"], linewidth=0.8)


def _draw_jzs(ax: Any, numbers: dict[str, Any]) -> None:
    jzs, colours = numbers["jzs"], ks.plots.COLOURS
    _factors(ax, (1, 2, 3, 5, 10))
    ax.fill_between(jzs["scale"], jzs["all"]["low"], jzs["all"]["high"], color=colours["sky"], alpha=0.35, linewidth=0)
    for end in ("low", "high"):
        ax.plot(jzs["scale"], jzs["surviving"][end], color=colours["blue"], linewidth=1.4)
    low, high = jzs["medium"]["surviving"]
    ax.plot([MEDIUM] * 2, [low, high], "D", color=colours["blue"], markersize=4)
    ax.annotate(
        f"{low:.1f} to {high:.1f} at the\nusual scale, {MEDIUM:.3f}",
        (MEDIUM, high),
        xytext=(-22, 34),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        arrowprops={"arrowstyle": "-", "linewidth": 0.6, "color": colours["grey"]},
    )
    ax.text(0.86, 2.2, f"all {jzs['splits']} splits", color=colours["blue"], fontsize=8.5)
    ax.set(
        xlim=(0.1, 1.5),
        ylim=(0.9, 10),
        xlabel="Scale of the Cauchy prior (SD)",
        ylabel="Bayes factor for no difference",
    )
    ax.set_title("Symptoms: no difference against some")


def _draw_interval(ax: Any, numbers: dict[str, Any]) -> None:
    _factors(ax, (1, 3, 10, 30, 100))
    for key, colour in zip(SDS, ("green", "purple"), strict=True):
        part = numbers["interval"][key]
        shade = ks.plots.COLOURS[colour]
        low, high = part["surviving"]["low"], part["surviving"]["high"]
        ax.fill_between(part["scale"], low, high, color=shade, alpha=0.4, linewidth=0)
        ax.plot(part["scale"], high, color=shade, linewidth=1.2, linestyle="-" if colour == "green" else "--")
        ax.plot([MEDIUM] * 2, part["medium"]["surviving"], "D", color=shade, markersize=4)
        mass = [100.0 * value for value in part["medium"]["posterior_mass"]]
        name = f"±{numbers['margins'][key]['printed']} SD: posterior {mass[0]:.0f} to {mass[1]:.0f} % inside"
        middle = (1.48, low[len(low) // 2])
        ax.annotate(name, middle, xytext=(0, -26), textcoords="offset points", ha="right", fontsize=8.5)
    ax.set(xlim=(0.1, 1.5), ylim=(0.9, 120), xlabel="Scale of the Cauchy prior (SD)")
    ax.set_title("Symptoms: inside a margin or outside")


def _draw_compatibility(ax: Any, numbers: dict[str, Any]) -> None:
    for split, curve in numbers["compatibility"].items():
        ks.plots.plot_compatibility(curve, ax=ax, linestyle=DASHES[split], linewidth=1.3, label=split)
    for key in SDS:
        for sign in (-1, 1):
            ax.axvline(sign * numbers["margins"][key]["size"], color=ks.plots.COLOURS["red"], linewidth=0.9)
        text = f" {numbers['margins'][key]['printed']} SD"
        ax.text(numbers["margins"][key]["size"], 0.97, text, va="center", fontsize=8.5, parse_math=False)
    ax.legend(loc="center right", handlelength=2.2, frameon=True, facecolor="white", framealpha=1.0, edgecolor="white")
    ax.set(xlim=(-0.6, 0.8), xlabel="True difference (SD); sign unknown")
    ax.set_title("Symptoms: compatibility")


def _draw_tables(ax: Any, numbers: dict[str, Any]) -> None:
    for (name, part), colour in zip(numbers["tables"].items(), ("blue", "red"), strict=True):
        columns = part["columns"]
        kept = np.asarray(columns["survives"], dtype=bool)
        n1, factor = np.asarray(columns["n1"]), np.asarray(columns["bf01"])
        look = {"marker": MARKERS[name], "linestyle": "", "markeredgecolor": ks.plots.COLOURS[colour], "markersize": 6}
        ax.plot(n1[~kept], factor[~kept], markerfacecolor="white", **look)
        ax.plot(n1[kept], factor[kept], markerfacecolor=ks.plots.COLOURS[colour], **look, label=name)
    _factors(ax, (1, 2, 3, 5))
    ax.legend(loc="upper left", title="filled: on a shared split", title_fontsize=8.5)
    ax.set(xlim=(0, 43), ylim=(0.9, 6), xlabel="People in the smaller group", ylabel="Bayes factor for one rate")
    ax.set_title("Response and remission: every table")


ALT = (
    "Four panels. Top left: Bayes factor for no difference in symptoms against the scale of the prior, rising from "
    "about 1 to about 7 on the splits that are left, lower on uneven splits. Top right: Bayes factor for a difference "
    "inside 0.24 or 0.50 SD against one outside. Bottom left: peaked curves of the p-value of every hypothesised "
    "difference on three splits, with bits on the right axis. Bottom right: Bayes factor of every compatible table of "
    "response and remission, all between 1 and 5."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
