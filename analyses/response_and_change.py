"""How many people can have halved their score when the mean fall was 5.7 points?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from _figure import output_folder, write
from _johnson import STUDY, register

import ketastats as ks

NAME = "response_and_change"
ARTICLE, CLAIM = "trauma-link", "A1.11"
TOP = 27
#: Scores up to here are called moderate, and one sample is of that kind: the title leaves it to the figure.
MODERATE = 15
#: Mean scores before ketamine or ECT in comparable samples; each person is taken to begin at the nearest whole score.
BASELINES = (
    "obrien-2021/moderate-baseline",
    "obrien-2023/baseline",
    "obrien-2021/severe-robust-baseline",
    "ect-qids-table/baseline",
)
#: What samples from the same clinic report, of about the same mean fall.
COMPARED = ("crtce-bipolar/response", "mcintyre-2020/response")
BEFORE, AFTER = "ect-qids-table/baseline", "ect-qids-table/end"
CORRELATIONS = (0.0, 0.5)
SDS = tuple(f"{half / 2:.1f}" for half in range(6, 17))
REMARK = (
    "Sharp bounds over all samples of whole falls, everyone beginning at the same score. The study prints neither the "
    "SD of the\n"
    "change nor the scores before treatment, and the article does not say that its share counts halved scores."
)
#: Room for the widest question: bounds fill no tables.
ANY_SIZE = 10**9


def compute() -> dict[str, Any]:
    """Return the largest possible share of responders for each SD of the change and each score to begin with."""
    record = register().study(STUDY)
    mean, people = record.figure("mean-fall").value.text, int(record.n or 0)
    claimed = _claimed()
    wanted = ks.reconstruct.counts(n=people, rate=claimed).x
    readings = [_reading(mean, people, 1, _rounded(BASELINES[-1]), "any fall", wanted[0])]
    for key in BASELINES:
        start = _rounded(key)
        need = -(-start // 2)
        readings.append(_reading(mean, people, need, start, key, wanted[0]))
    numbers: dict[str, Any] = {
        "n": people,
        "mean_fall": mean,
        "claimed": {"printed": claimed, "people": wanted.tolist(), "where": f"{ARTICLE} {CLAIM}"},
        "sds": SDS,
        "readings": readings,
        "compared": {key: _compared(key) for key in COMPARED},
        "likely_sd": _likely_sd(),
    }
    return {"title": _title(numbers)} | numbers


def _claimed() -> str:
    """Return the share of successes as the article prints it."""
    claims = {claim.id: claim for claim in register().article(ARTICLE).claims}
    return str(claims[CLAIM].printed[0].text)


def _rounded(key: str) -> int:
    """Return a printed mean score as a whole one."""
    return round(register().figure(key).value.value)


def _reading(mean: str, people: int, need: int, start: int, key: str, wanted: int) -> dict[str, Any]:
    """Return how many people can have fallen by `need` points, all beginning at one score."""
    # What is possible at any SD holds all that the others ask for.
    at_any_sd = _most(mean, ks.Interval(Decimal(0), Decimal("Infinity"), True, False), people, need, start)
    most = [_most(mean, sd, people, need, start) for sd in SDS]
    return {
        "key": key,
        "printed": "" if need == 1 else register().figure(key).value.text,
        "start": start,
        "need": need,
        "most": most,
        "share": [None if many is None else many / people for many in most],
        "least_sd": _least_sd(mean, people, need, start, most, wanted),
        "most_at_any_sd": at_any_sd,
    }


def _most(mean: str, sd: str | ks.Interval, people: int, need: int, start: int) -> int | None:
    """Return the largest number of people who can have fallen so far; None where no sample has such an SD."""
    found = ks.reconstruct.samples(mean=mean, sd=sd, n=people, scale=(start - TOP, start), budget=ANY_SIZE)
    return int(found.people(at_least=need).max()) if found else None


def _least_sd(mean: str, people: int, need: int, start: int, most: list[int | None], wanted: int) -> str | None:
    """Return the smallest SD, of those with one decimal, with which so many people can have fallen so far."""
    reached = [many is not None and many >= wanted for many in most]
    if not any(reached):
        return None
    first = reached.index(True)
    if first == 0:
        return SDS[0]
    low, high = (round(10 * float(SDS[at])) for at in (first - 1, first))
    for tenth in range(low + 1, high):
        many = _most(mean, f"{tenth / 10:.1f}", people, need, start)
        if many is not None and many >= wanted:
            return f"{tenth / 10:.1f}"
    return SDS[first]


def _compared(key: str) -> dict[str, str]:
    """Return the share of responders in another sample, and a name for it."""
    study = register().study(key.split("/", maxsplit=1)[0])
    population = f", {study.population[0]}" if study.population else ""
    label = f"{study.authors} {study.year}" if study.authors else study.key.split("-", maxsplit=1)[0].upper()
    return {"printed": register().figure(key).value.text, "label": f"{label}{population}"}


def _likely_sd() -> list[dict[str, Any]]:
    """Return the SD of a change between two visits whose SDs a comparable sample prints."""
    before, after = (register().figure(key).sd for key in (BEFORE, AFTER))
    if before is None or after is None:
        return []
    first, second = float(before.text), float(after.text)
    return [
        {"r": r, "sds": (before.text, after.text), "sd": float(ks.effects.sd_of_differences(first, second, r))}
        for r in CORRELATIONS
    ]


def _title(numbers: dict[str, Any]) -> str:
    severe = [reading for reading in numbers["readings"] if reading["start"] > MODERATE and reading["need"] > 1]
    wanted = min(numbers["claimed"]["people"])
    reached = [reading for reading in severe if reading["most_at_any_sd"] >= wanted]
    never = [str(reading["start"]) for reading in severe if reading["most_at_any_sd"] < wanted]
    starts, ends = (" or ".join(str(reading[key]) for reading in reached) for key in ("start", "least_sd"))
    claimed = numbers["claimed"]["printed"].replace("%", " %")
    return (
        f"With a mean fall of {numbers['mean_fall']} points, {claimed} can have halved a score of {starts} only if the "
        f"SD of the falls is at least {ends}, and a score of {' or '.join(never)} at no SD"
    )


def draw(numbers: dict[str, Any]) -> Any:
    """Draw the largest possible share of responders against the SD of the change."""
    with ks.plots.figure(height=5.4, title=numbers["title"]) as (figure, ax):
        x = [float(sd) for sd in numbers["sds"]]
        colours = [ks.plots.COLOURS[name] for name in ("grey", "sky", "green", "blue", "purple")]
        marks = ("s", "v", "o", "D", "^")
        for reading, colour, mark in zip(numbers["readings"], colours, marks, strict=True):
            y = [float("nan") if share is None else 100 * share for share in reading["share"]]
            ax.plot(x, y, color=colour, marker=mark, markersize=4.5, linewidth=1.6)
            last = max(at for at, share in enumerate(reading["share"]) if share is not None)
            ax.annotate(
                _label(reading),
                (x[last], y[last]),
                xytext=(7, -7 if reading["start"] == 21 and reading["need"] > 1 else 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                color=colour,
            )
        _lines(ax, numbers)
        ax.set(xlim=(2.3, 10.8), ylim=(0, 103), xticks=range(3, 9))
        ax.set_xlabel("SD of the change (points of the QIDS-SR16; not printed)", loc="left")
        ax.set_ylabel("Largest possible share of responders (%)")
        figure.supxlabel(REMARK, x=0.01, ha="left", fontsize=8, parse_math=False)
    return figure


def _label(reading: dict[str, Any]) -> str:
    if reading["need"] == 1:
        return "any fall at all"
    return f"half of {reading['start']}: at least {reading['need']} points"


def _lines(ax: Any, numbers: dict[str, Any]) -> None:
    """Draw the claimed share, those of comparable samples, and the SDs that two visits make likely."""
    claimed = numbers["claimed"]["printed"]
    lines = [(claimed, f"{claimed}: the article", "red", "--")]
    lines += [
        (one["printed"], f"{one['printed']}: {one['label']}", "orange", ":") for one in numbers["compared"].values()
    ]
    for text, words, colour, dash in lines:
        height = float(text.rstrip("%"))
        ax.plot([2.3, 8.05], [height] * 2, color=ks.plots.COLOURS[colour], linestyle=dash, linewidth=1.4, zorder=0)
        at, side = (2.35, "bottom") if colour == "red" else (8.12, "center")
        ax.text(at, height + (0.8 if colour == "red" else 0), words, va=side, fontsize=8.5, parse_math=False)
    for likely in numbers["likely_sd"]:
        ax.axvline(likely["sd"], color=ks.plots.COLOURS["black"], linewidth=0.9, linestyle="-.", zorder=0)
        words = f"r = {likely['r']:g}\nbetween visits"
        ax.text(likely["sd"] + 0.06, 2, words, fontsize=8, va="bottom", parse_math=False)


ALT = (
    "Curves of the largest possible share of people whose score fell far enough, against the standard deviation of the "
    "change. A fall of any size can be reached by most people at every standard deviation; the curves for half of a "
    "score of 17, 19 and 21 points rise with the standard deviation and cross the claimed share only at the right, "
    "beyond or near the values that the spreads of a comparable sample make likely. Two dotted lines show the much "
    "smaller shares of responders in samples from the same clinic."
)


def main(argv: Sequence[str] | None = None) -> None:
    """Write the figure and its numbers."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=ALT)


if __name__ == "__main__":
    main()
