"""Totals against subgroups: by samples, by random draws from the rounding boxes, and by an optimiser."""

from __future__ import annotations

import statistics
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import ketastats as ks
from ketastats.consistency._pooled import Box, Ends, corners, greatest_between, least_between, mean_range
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType


def figures(groups: list[list[int]], decimals: int) -> dict[str, Any]:
    """What would be printed of subgroups and of all."""
    everyone = [value for group in groups for value in group]
    return {
        "n": len(everyone),
        "sizes": [len(group) for group in groups],
        "mean": f"{statistics.mean(everyone):.{decimals}f}",
        "means": [f"{statistics.mean(group):.{decimals}f}" for group in groups],
        "sd": f"{statistics.stdev(everyone):.{decimals}f}",
        "sds": [f"{statistics.stdev(group):.{decimals}f}" for group in groups],
    }


@pytest.mark.parametrize("seed", range(25))
def test_true_subgroups_make_up_their_total(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = [rng.integers(0, 28, rng.integers(2, 30)).tolist() for _ in range(rng.integers(1, 5))]
    given = figures(groups, int(rng.integers(0, 3)))
    for items in (None, 1):
        found = ks.consistency.total(**given, items=items)
        assert found.label.tolist() == ["consistent"]
        order = rng.permutation(len(groups))
        swapped = {key: [given[key][k] for k in order] for key in ("sizes", "means", "sds")}
        again = ks.consistency.total(**given | swapped, items=items)
        assert again["sd_low"][0] == pytest.approx(found["sd_low"][0], rel=1e-14)
        assert again.label.tolist() == ["consistent"]
    # Fewer figures never take the agreement away, nor does the total of more people when some are in no subgroup.
    assert ks.consistency.total(**{key: value for key, value in given.items() if key not in ("sd", "sds")})
    fewer = given | {key: given[key][1:] for key in ("sizes", "means", "sds")}
    if len(groups) > 1:
        assert ks.consistency.total(**fewer).label.tolist() == ["only if some are in no subgroup"]


def test_counts_are_searched_as_by_a_list() -> None:
    shares = [f"{k}%" for k in range(0, 101, 4)]
    asked = list(product(shares[::6], shares[1::5], shares[::4]))
    first, second, whole = (list(column) for column in zip(*asked, strict=True))
    found = ks.consistency.total(n=16, sizes=[7, 9], mean=whole, means=[first, second])
    fewer = ks.consistency.total(n=18, sizes=[7, 9], mean=whole, means=[first, second])
    assert not fewer.agrees.any()
    for row, (one, other, total) in enumerate(asked):
        possible = [
            [x for x in range(size + 1) if Fraction(100 * x, size) in ks.Reported(text).interval]
            for size, text in ((7, one), (9, other))
        ]
        sums, interval = {sum(pair) for pair in product(*possible)}, ks.Reported(total).interval
        assert found.agrees[row] == any(Fraction(100 * x, 16) in interval for x in sums), asked[row]
        left_out = any(Fraction(100 * (x + k), 18) in interval for x in sums for k in range(3))
        assert (fewer.label[row] == "only if some are in no subgroup") == left_out, asked[row]


def boxes(rng: np.random.Generator) -> tuple[list[Box], Ends]:
    """Random subgroups, one in ten without limits, and an interval of the mean of all that they can reach."""
    found = []
    for _ in range(rng.integers(2, 5)):
        low = Fraction(int(rng.integers(-20, 20)), 4)
        ends = Ends(low, low + Fraction(int(rng.integers(0, 12)), 4)) if rng.uniform() < 0.9 else Ends(None, None)
        found.append(Box(int(rng.integers(1, 9)), ends))
    reach = mean_range(found)
    low, high = (
        reach.low if reach.low is not None else Fraction(-6),
        reach.high if reach.high is not None else Fraction(6),
    )
    cuts = sorted(low + (high - low) * Fraction(int(rng.integers(0, 9)), 8) for _ in range(2))
    return found, Ends(*cuts)


@pytest.mark.parametrize("seed", range(40))
def test_the_range_between_subgroups_is_that_of_an_optimiser(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, total = boxes(rng)
    sizes = np.array([group.size for group in groups], dtype=float)
    number = sizes.sum()
    limits = [[None if end is None else float(end) for end in (box.mean.low, box.mean.high)] for box in groups]
    ends = [float(total.low or 0), float(total.high or 0)]

    def between(means: Any) -> Any:
        return (sizes * means**2).sum(-1) - (sizes * means).sum(-1) ** 2 / number

    rules = [
        {"type": "ineq", "fun": lambda means: (sizes * means).sum() / number - ends[0]},
        {"type": "ineq", "fun": lambda means: ends[1] - (sizes * means).sum() / number},
    ]
    start = np.array([float(box.mean.clip(Fraction(0))) for box in groups])
    peer = optimize.minimize(between, start, bounds=limits, constraints=rules, method="SLSQP", options={"ftol": 1e-13})
    least, _ = least_between(groups, total)
    greatest, _ = greatest_between(groups, total)
    if peer.success:
        assert float(least) == pytest.approx(peer.fun, rel=1e-6, abs=1e-6)
    draws = rng.uniform(
        [low if low is not None else -9 for low, _ in limits],
        [high if high is not None else 9 for _, high in limits],
        (4000, len(groups)),
    )
    mean = (sizes * draws).sum(1) / number
    inside = between(draws)[(mean >= ends[0]) & (mean <= ends[1])]
    assert np.all(inside >= float(least) - 1e-9)
    assert greatest is None or np.all(inside <= float(greatest) + 1e-9)
    if greatest is not None:
        grid = np.stack(np.meshgrid(*(np.linspace(low, high, 9) for low, high in limits)), axis=-1).reshape(
            -1, len(groups)
        )
        mean = (sizes * grid).sum(1) / number
        inside = between(grid)[(mean >= ends[0] - 1e-12) & (mean <= ends[1] + 1e-12)]
        assert inside.size == 0 or inside.max() <= float(greatest) + 1e-9


def test_draws_from_the_rounding_boxes_never_leave_the_range() -> None:
    given = {"n": 83, "sizes": [30, 23, 30], "mean": "17.9", "sd": "5.2"}
    given |= {"means": ["16.0", "18.1", "19.6"], "sds": ["4.9", "5.5", "4.6"]}
    found = ks.consistency.total(**given)
    rng = np.random.default_rng(3)
    sizes = np.array(given["sizes"])
    means = np.array([16.0, 18.1, 19.6]) + rng.uniform(-0.05, 0.05, (200_000, 3))
    sds = np.array([4.9, 5.5, 4.6]) + rng.uniform(-0.05, 0.05, (200_000, 3))
    mean = (sizes * means).sum(1) / 83
    spread = np.sqrt(((sizes - 1) * sds**2 + sizes * (means - mean[:, None]) ** 2).sum(1) / 82)
    inside = (mean >= 17.85) & (mean <= 17.95)
    assert found["sd_low"][0] <= spread[inside].min() < found["sd_low"][0] + 0.03
    assert found["sd_high"][0] - 0.03 < spread[inside].max() <= found["sd_high"][0]
    assert found["mean_low"][0] <= mean.min()
    assert mean.max() <= found["mean_high"][0]
    assert found.label.tolist() == ["consistent"]


@pytest.mark.parametrize(
    ("changes", "label", "failed"),
    [
        ({}, "consistent", ""),
        ({"mean": "18.2"}, "impossible", "mean"),
        ({"mean": "18.05"}, "only if truncated", "mean"),
        ({"mean": "17.90"}, "only if rounded away from zero", "mean"),
        ({"sd": "5.3"}, "impossible", "sd"),
        ({"sizes": [36, 46]}, "only if some are in no subgroup", "sizes"),
        ({"sizes": [38, 46]}, "only if subgroups overlap", "sizes"),
        ({"sizes": [90, 46]}, "impossible", "sizes"),
    ],
)
def test_labels(changes: dict[str, Any], label: str, failed: str) -> None:
    given = {"n": 83, "sizes": [37, 46], "mean": "18.0", "means": ["17.2", "18.6"], "sd": "4.7", "sds": ["4.5", "4.8"]}
    found = ks.consistency.total(**given | changes)
    assert (found.label.tolist(), found["failed"].tolist()) == ([label], [failed])
    assert found.explanation[0].endswith("." if label in ("consistent", "impossible") else f"It agrees {label}.")
    assert "Subgroups of" in found.summary()


def test_whole_numbers_narrow_what_is_possible() -> None:
    loose = ks.consistency.total(n=5, sizes=[2, 3], mean="2.3", means=["2.6", "2.0"])
    whole = ks.consistency.total(n=5, sizes=[2, 3], mean="2.3", means=["2.6", "2.0"], items=1)
    assert loose.label.tolist() == ["consistent"]
    assert whole.label.tolist() == ["impossible"]
    assert whole["mean_low"][0] > whole["mean_high"][0]
    assert "No whole numbers" in whole.explanation[0]


def test_half_open_ends_are_not_reached() -> None:
    # Together the means are exactly 2.5, which 2.4 does not print when ties go up.
    given = {"n": 4, "sizes": [2, 2], "means": ["2", "3"], "items": 1}
    assert ks.consistency.total(mean="2.5", **given)
    exact = {"n": 2, "sizes": [1, 1], "mean": "0.5", "means": ["0", "1"], "rounding": "truncate"}
    assert ks.consistency.total(**exact)
    above = {"n": 2, "sizes": [1, 1], "mean": "0.4", "means": ["0", "1"], "rounding": "truncate"}
    # Truncated, 0 stands for anything from above -1 to below 1.
    assert ks.consistency.total(**above)
    assert not ks.consistency.total(**above | {"mean": "1.5"})


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"sizes": []}, InvalidArgument, "sizes is"),
        ({"sizes": 37}, InvalidType, "sizes is 37"),
        ({"sizes": [37, 0]}, InvalidArgument, "sizes is 0"),
        ({"means": ["17.2"]}, InvalidArgument, "as many as sizes"),
        ({"sizes": np.array([[[37]], [[46]]])}, InvalidArgument, "sizes is"),
        ({"sizes": pd.DataFrame({"a": [37], "b": [46]})}, InvalidType, "one entry per subgroup"),
        ({"counts": [7, 14]}, InvalidArgument, "left out where means is given"),
        ({"means": None, "counts": [7, 47], "mean": "25%"}, InvalidArgument, "counts is 47; allowed: at most the peop"),
        ({"n": [83, 83, 83], "mean": ["18.0", "18.1"]}, InvalidArgument, "columns of one length"),
        ({"means": ["17%", "18.6"]}, InvalidArgument, "percentages throughout"),
        ({"means": "17.2"}, InvalidType, "means is '17.2'"),
        ({"sds": ["4.5"]}, InvalidArgument, "as many as sizes"),
        ({"sds": ["4.5", "-4.8"]}, InvalidArgument, "not negative"),
        ({"sizes": [1, 82]}, InvalidArgument, "at least 2 people"),
        ({"n": 0}, InvalidArgument, "n is 0"),
        ({"mean": 18.0}, InvalidType, "mean is 18.0"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, Any], error: type[Exception], match: str) -> None:
    given = {"n": 83, "sizes": [37, 46], "mean": "18.0", "means": ["17.2", "18.6"], "sd": "4.7", "sds": ["4.5", "4.8"]}
    with pytest.raises(error, match=match):
        ks.consistency.total(**given | changes)


def test_too_many_corners_are_counted_first() -> None:
    many = {"sizes": [10, 20, 30, 40], "means": ["5.0", "5.10", "5.200", "5.3"], "sds": ["1.0"] * 4}
    with pytest.raises(BudgetExceeded, match="16 sums at the corners"):
        ks.consistency.total(n=100, mean="5.2", sd="1.0", budget=15, **many)
    assert ks.consistency.total(n=100, mean="5.2", sd="1.0", budget=16, **many)
    assert ks.consistency.total(n=100, mean="5.2", sizes=many["sizes"], means=many["means"], budget=1)


def test_many_subgroups_share_their_corners() -> None:
    rng = np.random.default_rng(8)
    groups = [rng.integers(0, 28, 12).tolist() for _ in range(40)]
    given = figures(groups, 1)
    found = ks.consistency.total(**given)
    assert found.label.tolist() == ["consistent"]
    assert found["sd_low"][0] < statistics.stdev(np.concatenate(groups).tolist()) < found["sd_high"][0]
    # The corners of groups of one size differ by how many means stand at their upper ends.
    assert corners([Box(12, Ends(Fraction(k), Fraction(k + 1))) for k in range(40)]) == 41


def enumerated(groups: list[Box], total: Ends) -> tuple[Fraction | None, bool]:
    """The greatest sum of squares over every corner, one after the other."""
    number = sum(box.size for box in groups)
    best: tuple[Fraction, bool] | None = None
    for corner in product(*[(box.mean.low, box.mean.high) for box in groups]):
        whole = sum(box.size * value for box, value in zip(groups, corner, strict=True))
        moved = [
            [*corner[:k], corner[k] + (number * end - whole) / box.size, *corner[k + 1 :]]
            for k, box in enumerate(groups)
            for end in (total.low, total.high)
            if end is not None
        ]
        for means in ([*corner], *moved):
            mean = Fraction(sum(box.size * value for box, value in zip(groups, means, strict=True)), number)
            closed = [Ends(box.mean.low, box.mean.high) for box in groups]
            if mean in Ends(total.low, total.high) and all(m in ends for m, ends in zip(means, closed, strict=True)):
                squares = sum(box.size * (value - mean) ** 2 for box, value in zip(groups, means, strict=True))
                reached = mean in total and all(m in box.mean for m, box in zip(means, groups, strict=True))
                best = max(best or (squares, False), (squares, reached))
    return best or (None, False)


@pytest.mark.parametrize("seed", range(30))
def test_shared_corners_are_those_one_after_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = []
    for _ in range(rng.integers(1, 6)):
        low = Fraction(int(rng.integers(-9, 9)), int(rng.integers(1, 4)))
        ends = (low, low + Fraction(int(rng.integers(1, 5)), int(rng.integers(1, 4))))
        groups.append(Box(int(rng.integers(1, 9)), Ends(*ends, *(rng.uniform(size=2) < 0.5).tolist())))
    reach = mean_range(groups)
    cuts = sorted(reach.low + (reach.high - reach.low) * Fraction(int(rng.integers(-1, 10)), 8) for _ in range(2))
    for total in (Ends(*cuts, *(rng.uniform(size=2) < 0.5).tolist()), Ends(None, cuts[1]), Ends(None, None)):
        assert greatest_between(groups, total) == enumerated(groups, total)


# ------------------------------------------------------------------------------------------------------------- columns
def test_columns_are_rows_one_by_one() -> None:
    rng = np.random.default_rng(2)
    many = []
    for _ in range(12):
        groups = [rng.integers(0, 28, size).tolist() for size in rng.integers(2, 12, 2)]
        given = figures(groups, 1)
        if rng.uniform() < 0.5:
            given["mean"] = f"{float(given['mean']) + rng.choice([-0.1, 0.3]):.1f}"
        given["n"] += int(rng.integers(-1, 3))
        many.append(given)
    lists = {name: [list(column) for column in zip(*(row[name] for row in many), strict=True)] for name in LISTS}
    plain = {name: [row[name] for row in many] for name in ("n", "mean", "sd")}
    for left_out in ((), ("sd", "mean")):
        columns = {name: value for name, value in {**lists, **plain}.items() if name not in left_out}
        found = ks.consistency.total(**columns)
        for k, row in enumerate(many):
            one = ks.consistency.total(**{name: value for name, value in row.items() if name not in left_out})
            assert one.label[0] == found.label[k]
            assert all(one.columns[name][0] == found.columns[name][k] for name in found.columns)
            assert one.explanation[0] == found.explanation[k]
            assert all(one.holds[name][0] == found.holds[name][k] for name in found.holds)
    assert len(ks.consistency.total(**lists, **plain).counts()) >= 3


LISTS = ("sizes", "means", "sds")


def test_one_value_stands_for_all_rows() -> None:
    found = ks.consistency.total(n=83, sizes=[37, [46, 45]], mean=["18.0", "17.9"], means=["17.2", "18.6"])
    assert found.label.tolist() == ["consistent", "only if some are in no subgroup"]


def test_counts_stand_for_percentages() -> None:
    found = ks.consistency.total(n=83, sizes=[37, 46], mean=["25%", "26%", "25.3%", "0.25"][:3], counts=[7, 14])
    assert found.label.tolist() == ["consistent", "only if rounded away from zero", "consistent"]
    assert ks.consistency.total(n=83, sizes=[37, 46], mean="0.25", counts=[7, 14])
    assert ks.consistency.total(n=83, sizes=[37, 46], count=21, counts=[7, 14])
    assert ks.consistency.total(n=83, sizes=[37, 46], count=22, counts=[7, 14]).label.tolist() == ["impossible"]
    assert ks.consistency.total(n=83, sizes=[37, 46], count=21, means=["18.9%", "30.4%"])
    assert not ks.consistency.total(n=83, sizes=[37, 46], count=21, means=["18.9%", "32.6%"])


def test_what_was_not_printed_may_be_anything() -> None:
    found = ks.consistency.total(n=83, sizes=[37, 46], mean="18.0", means=["17.2", None])
    assert (found.label.tolist(), found["mean_low"][0]) == (["consistent"], -np.inf)
    shares = {"n": 83, "sizes": [37, 46], "means": ["41%", None]}
    # Only 15 of 37 print 41%: with all of 46 they are 61 of 83, with none of them 15.
    assert ks.consistency.total(mean="73%", **shares)
    assert not ks.consistency.total(mean="75%", **shares)
    assert ks.consistency.total(mean="18%", **shares)
    assert not ks.consistency.total(mean="16%", **shares)
    alone = ks.consistency.total(n=83, sizes=[37, 46], means=["17.2", "18.6"], sds=["4.5", "4.8"])
    assert alone["sd_low"][0] < 4.7 < alone["sd_high"][0]
    assert alone.explanation[0].endswith("and nothing was printed.")
    # A person alone has no deviation, and nothing more is known of all than what lies between the means.
    single = ks.consistency.total(n=3, sizes=[1, 2], mean="1.0", means=["0", "1.5"], sd="1.0", sds=[None, "0.7"])
    assert single.label.tolist() == ["consistent"]
    sizes = ks.consistency.total(n=[83, 84], sizes=[37, 46])
    assert sizes.label.tolist() == ["consistent", "only if some are in no subgroup"]


@pytest.mark.parametrize("seed", range(6))
def test_known_slips_are_named(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = [rng.integers(0, 6, 8).tolist(), rng.integers(12, 28, 20).tolist()]
    given = figures(groups, 2)
    averaged = f"{statistics.mean(statistics.mean(group) for group in groups):.2f}"
    found = ks.consistency.total(**given | {"mean": averaged})
    assert found.label.tolist() == ["only if the mean of all is not weighted by the sizes"]
    within = sum(statistics.variance(group) * (len(group) - 1) for group in groups) / (28 - 2)
    found = ks.consistency.total(**given | {"sd": f"{within**0.5:.2f}"})
    assert found.label.tolist() == ["only if the SD of all is the one within subgroups"]
    errors = {
        "sd": f"{statistics.stdev(np.concatenate(groups).tolist()) / 28**0.5:.3f}",
        "sds": [f"{statistics.stdev(group) / len(group) ** 0.5:.3f}" for group in groups],
    }
    assert ks.consistency.total(**given | errors).label.tolist() == ["only if the SD is a standard error"]


def test_subgroups_without_limits_differ_as_little_as_they_like() -> None:
    free = [Box(3, Ends(None, None)), Box(4, Ends(None, None))]
    for total in (Ends(Fraction(5), Fraction(6)), Ends(None, None), Ends(Fraction(-2), None)):
        assert least_between(free, total) == (0, True)
        assert greatest_between(free, total) == (None, True)
    mixed = [Box(3, Ends(Fraction(0), Fraction(1))), Box(1, Ends(None, None))]
    # Three at 1 and one at 9 have a mean of 3; three at 0 and one at -4 a mean of -1.
    assert least_between(mixed, Ends(Fraction(3), Fraction(4))) == (48, True)
    assert least_between(mixed, Ends(Fraction(-9), Fraction(-1))) == (12, True)
