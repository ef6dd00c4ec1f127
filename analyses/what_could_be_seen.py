"""What could a study of this size have seen, and how many people would settle the claim?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from _figure import output_folder, write
from _johnson import POINTS, SDS, joint, margin, outcome

import ketastats as ks

NAME = "what_could_be_seen"
ALPHA = 0.05
TARGETS = (0.80, 0.90)
DIFFERENCES = np.linspace(-0.45, 0.45, 91)
MARGINS = np.linspace(0.01, 0.45, 45)
EFFECTS = np.linspace(-1.0, 1.0, 81)
SD_MARGINS = np.linspace(0.01, 1.0, 100)


def compute() -> dict[str, Any]:
    """Return power, detectable differences and margins on the surviving splits, and the people needed."""
    designs = _designs()
    response = {name: _response(design) for name, design in designs.items()}
    symptoms = {f"{n1}/{n2}": _symptoms(n1, n2) for n1, n2 in joint().splits.tolist()}
    needed = {"response": _response_sizes(designs), "symptoms": _symptom_sizes()}
    return {
        "title": _title(response, needed),
        "n": outcome("response").n,
        "alpha": {"difference": "0.05, two-sided", "equivalence": "0.05, one-sided"},
        "targets": list(TARGETS),
        "margins": {key: margin(key) for key in (*POINTS, *SDS)},
        "response": response,
        "symptoms": symptoms,
        "needed": needed,
    }


def _title(response: dict[str, Any], needed: dict[str, Any]) -> str:
    chance = max(design["equivalence"]["at_margins"][POINTS[-1]] for design in response.values())
    low, high = needed["response"][POINTS[1]]["people"][str(TARGETS[0])]
    wide, narrow = (margin(key)["printed"] for key in (POINTS[-1], POINTS[1]))
    return (
        f"Had trauma made no difference, this study had at most a {100 * chance:.0f} % chance to rule out "
        f"{wide} points in response; ruling out {narrow} takes {low:,} to {high:,} people"
    )


def _designs() -> dict[str, dict[str, Any]]:
    """Return each surviving split with each share of responders that it could have had."""
    found = joint()
    x1, n1, x2, n2 = found.table("response")
    rows = sorted({(int(a), int(b), int(c)) for a, b, c in zip(n1, n2, x1 + x2, strict=True)})
    return {f"{a}/{b}, {c}/{a + b}": {"n1": a, "n2": b, "responders": c, "rate": c / (a + b)} for a, b, c in rows}


def _rates(design: dict[str, Any], difference: Any) -> tuple[Any, Any]:
    """Return the two rates that differ by so much while the share of responders in the sample stays what it was."""
    people = design["n1"] + design["n2"]
    return (
        design["rate"] + difference * design["n2"] / people,
        design["rate"] - difference * design["n1"] / people,
    )


def _response(design: dict[str, Any]) -> dict[str, Any]:
    sizes: dict[str, Any] = {"n1": design["n1"], "n2": design["n2"]}
    known = {key: margin(key)["size"] for key in POINTS}
    rate = design["rate"]
    marks = np.array([sign * size for size in known.values() for sign in (1, -1)])
    curve = ks.power.proportions(**sizes, **_named(_rates(design, DIFFERENCES)), method="pearson", alpha=ALPHA)
    at = ks.power.proportions(**sizes, **_named(_rates(design, marks)), method="pearson", alpha=ALPHA)
    rules = [
        float(ks.power.proportions_equivalence(**sizes, p1=rate, p2=rate, margin=float(size), alpha=ALPHA).power)
        for size in (*MARGINS, *known.values())
    ]
    target = TARGETS[0]
    detectable = {
        direction: ks.power.detectable(
            "proportions", **sizes, p1=rate, direction=direction, method="pearson", power=target, alpha=ALPHA
        ).value
        for direction in ("above", "below")
    }
    ruled_out = ks.power.detectable("proportions_equivalence", **sizes, p1=rate, p2=rate, power=target, alpha=ALPHA)
    return design | {
        "difference": {
            "effect": DIFFERENCES,
            "power": curve.power,
            "at_margins": {key: at.power[2 * i : 2 * i + 2] for i, key in enumerate(known)},
            "detectable": detectable,
            "method": curve.method,
        },
        "equivalence": {
            "margin": MARGINS,
            "power": rules[: MARGINS.size],
            "at_margins": dict(zip(known, rules[MARGINS.size :], strict=True)),
            "can_rule_out": ruled_out.value,
            "method": ruled_out.method,
        },
    }


def _named(rates: tuple[Any, Any]) -> dict[str, Any]:
    return dict(zip(("p1", "p2"), rates, strict=True))


def _symptoms(n1: int, n2: int) -> dict[str, Any]:
    sizes: dict[str, Any] = {"n1": n1, "n2": n2}
    known = [margin(key)["size"] for key in SDS]
    curve = ks.power.means(**sizes, effect=EFFECTS, alpha=ALPHA)
    rules = ks.power.means_equivalence(**sizes, margin=(-SD_MARGINS, SD_MARGINS), alpha=ALPHA)
    at = ks.power.means(**sizes, effect=known, alpha=ALPHA).power
    ruled = [float(ks.power.means_equivalence(**sizes, margin=size, alpha=ALPHA).power) for size in known]
    target = TARGETS[0]
    return sizes | {
        "difference": {
            "effect": EFFECTS,
            "power": curve.power,
            "at_margins": dict(zip(SDS, at, strict=True)),
            "detectable": ks.power.detectable("means", **sizes, power=target, alpha=ALPHA).value,
            "method": curve.method,
        },
        "equivalence": {
            "margin": SD_MARGINS,
            "power": rules.power,
            "at_margins": dict(zip(SDS, ruled, strict=True)),
            "can_rule_out": ks.power.detectable("means_equivalence", **sizes, power=target, alpha=ALPHA).value,
            "method": rules.method,
        },
    }


def _response_sizes(designs: dict[str, Any]) -> dict[str, Any]:
    """Return the people needed at each margin if both groups respond alike, at each share of responders.

    A share and its complement need the same number, so each pair stands once.
    """
    pairs = {(design["responders"], design["n1"] + design["n2"]) for design in designs.values()}
    lesser = sorted({(min(count, people - count), people) for count, people in pairs})
    rates = {f"{count}/{people}": count / people for count, people in lesser}
    result: dict[str, Any] = {}
    for key in POINTS:
        size = margin(key)["size"]
        plans = {
            str(target): {
                name: ks.power.sample_size(
                    "proportions_equivalence", p1=rate, p2=rate, margin=size, power=target, alpha=ALPHA
                )
                for name, rate in rates.items()
            }
            for target in TARGETS
        }
        result[key] = _people(plans)
    return result


def _symptom_sizes() -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key in SDS:
        size = margin(key)["size"]
        plans = {
            str(target): {"any": ks.power.sample_size("means_equivalence", margin=size, power=target, alpha=ALPHA)}
            for target in TARGETS
        }
        result[key] = _people(plans)
    return result


def _people(plans: dict[str, dict[str, ks.power.SampleSizeResult]]) -> dict[str, Any]:
    """Return people per group by power and rate, and the range in both groups together."""
    totals = {target: [int(plan.n1 + plan.n2) for plan in rows.values()] for target, rows in plans.items()}
    return {
        "per_group": {target: {name: int(plan.n1) for name, plan in rows.items()} for target, rows in plans.items()},
        "people": {target: [min(values), max(values)] for target, values in totals.items()},
    }


LOOKS: dict[str, dict[str, Any]] = {
    "28/55": {"color": ks.plots.COLOURS["purple"], "linestyle": "-."},
    "37/46": {"color": ks.plots.COLOURS["blue"], "linestyle": "-"},
    "38/45": {"color": ks.plots.COLOURS["green"], "linestyle": "--"},
}


def draw(numbers: dict[str, Any]) -> Any:
    """Draw power against the true difference and against the margin, and the people needed."""
    ratios = {"height_ratios": [1.0, 1.0, 0.8]}
    with ks.plots.figure(3, 2, height=9.2, title=numbers["title"], gridspec_kw=ratios) as (figure, axes):
        _draw_curves(axes[:2, 0], numbers, "response", POINTS, 100.0)
        _draw_curves(axes[:2, 1], numbers, "symptoms", SDS, 1.0)
        axes[0, 0].set(xlim=(-45, 45), xlabel="True difference in response (percentage points)")
        axes[0, 1].set(xlim=(-1, 1), xlabel="True difference in symptoms (SD)", ylabel="")
        axes[1, 0].set(xlim=(0, 45), xlabel="Margin (percentage points)")
        axes[1, 1].set(xlim=(0, 1), xlabel="Margin (SD)", ylabel="")
        axes[0, 0].set_title("Response: power to find a difference")
        axes[0, 1].set_title("Symptoms: power to find one")
        axes[1, 0].set_title("Response: to rule one out, if there is none")
        axes[1, 1].set_title("Symptoms: to rule one out")
        _key(axes[0, 1])
        _draw_sizes(axes[2], numbers)
        note = "Splits and shares of responders reconstructed from printed p-values; not the study's data."
        figure.supxlabel(note, x=0.01, ha="left", fontsize=8)
    return figure


def _draw_curves(axes: Any, numbers: dict[str, Any], what: str, keys: Sequence[str], scale: float) -> None:
    """Draw the two kinds of power of one outcome on every design, and the published margins."""
    for design in numbers[what].values():
        look = LOOKS[f"{design['n1']}/{design['n2']}"]
        ks.plots.plot_power(design["difference"], ax=axes[0], scale=scale, linewidth=1.4, **look)
        ks.plots.plot_power(design["equivalence"], ax=axes[1], x="margin", scale=scale, linewidth=1.4, **look)
    for ax, signs in zip(axes, ((-1, 1), (1,)), strict=True):
        for key in keys:
            record = numbers["margins"][key]
            for sign in signs:
                ax.axvline(sign * scale * record["size"], color=ks.plots.COLOURS["red"], linewidth=0.9)
            if signs == (1,):
                side, gap = ("right", -2) if key == keys[0] else ("left", 2)
                place = {"xytext": (gap, 0), "textcoords": "offset points", "ha": side, "va": "center"}
                ax.annotate(record["printed"], (scale * record["size"], 0.94), fontsize=8.5, **place)


def _key(ax: Any) -> None:
    for row, (split, look) in enumerate(LOOKS.items()):
        height = 0.7 - 0.11 * row
        ax.plot([-0.2, -0.05], [height, height], linewidth=1.6, **look)
        ax.text(-0.03, height, split, va="center", fontsize=8.5)


def _draw_sizes(axes: Any, numbers: dict[str, Any]) -> None:
    for ax, (what, unit) in zip(axes, (("response", "points"), ("symptoms", "SD")), strict=True):
        rows = {
            f"±{numbers['margins'][key]['printed']} {unit}": {
                f"{100 * float(target):.0f} %": people for target, people in row["people"].items()
            }
            for key, row in numbers["needed"][what].items()
        }
        ks.plots.plot_sample_sizes(rows, ax=ax, have=numbers["n"], linestyle="-")
        ax.set(xlim=(26, 30_000), xlabel="People in both groups together")
        ax.text(numbers["n"] * 0.93, len(rows) - 0.55, f"n = {numbers['n']}", ha="right", va="bottom", fontsize=8.5)
    axes[0].set_title("Response: people needed to rule it out")
    axes[1].set_title("Symptoms: people needed")


ALT = (
    "Six panels, response left and symptoms right. Top: V-shaped curves of the power to find a difference, which pass "
    "80 % only far outside the published margins. Middle: power to rule a difference out if there is none, near zero "
    "at all published margins in response and at 0.24 SD, under one half at 0.50 SD. Bottom: people needed to rule out "
    "each margin with 80 and 90 % power, all to the right of the 83 that there were."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
