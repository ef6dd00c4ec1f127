"""Random truths, printed as an article would print them: the truth is always in the answer.

Digits are cut here by their own rule of whole numbers, apart from the one under test; small sets are compared whole
with a plain search.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from scipy import stats

import ketastats as ks

RULES = ("half", "half_up", "half_down", "half_even", "truncate", "up", "floor", "ceiling", "up_from_7", "up_above_3")
HALF = Fraction(1, 2)


# ---------------------------------------------------------------------------------------------------- how it is printed
def units(value: Fraction, rule: str, rng: random.Random) -> int:
    """Cut a number of units of the last digit to a whole one."""
    if rule in ("floor", "ceiling"):
        return math.floor(value) if rule == "floor" else math.ceil(value)
    sign = -1 if value < 0 else 1
    whole, left = divmod(abs(value), 1)
    if rule.startswith("up_"):
        kind, tenths = rule[:-2], Fraction(int(rule[-1]), 10)
        goes_up = left > tenths or (kind == "up_from" and left == tenths)
    elif rule in ("truncate", "up"):
        goes_up = rule == "up" and left > 0
    elif left == HALF:
        goes_up = {"half_up": True, "half_down": False, "half_even": whole % 2 == 1}.get(rule, rng.random() < 0.5)
    else:
        goes_up = left > HALF
    return sign * (int(whole) + goes_up)


def show(value: Any, digits: int, rule: str, rng: random.Random) -> str:
    exact = Fraction(value)
    cut = units(exact * 10**digits, rule, rng)
    text = str(abs(cut)).rjust(digits + 1, "0")
    point = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{point}" if exact < 0 else point


def percent(value: Fraction, digits: int, rule: str, rng: random.Random) -> str:
    return show(100 * value, digits, rule, rng) + "%"


def show_p(value: Any, rule: str, rng: random.Random) -> str:
    """A p-value, sometimes only as below or above a level."""
    if value > 0.05 and rng.random() < 0.2:
        return "ns"
    for level in ("0.001", "0.05"):
        if value < Fraction(level) and rng.random() < 0.3:
            return f"< {level}"
    return show(value, rng.choice((2, 3, 3, 4)), rule, rng)


def root(value: Fraction) -> Fraction:
    """The square root, cut at sixty digits where it is irrational."""
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    far = 10**60
    return Fraction(math.isqrt(value.numerator * value.denominator * far * far), value.denominator * far)


def variance(values: list[int], ddof: int = 1, items: int = 1) -> Fraction:
    squares = sum(value * value for value in values) - Fraction(sum(values) ** 2, len(values))
    return squares / (len(values) - ddof) / items**2


def mean_of(values: list[int], items: int = 1) -> Fraction:
    return Fraction(sum(values), len(values) * items)


def seeds(count: int) -> Callable[[Any], Any]:
    return pytest.mark.parametrize("seed", range(count))


# -------------------------------------------------------------------------------------------------------- whole numbers
@seeds(20)
def test_scores_of_people_agree_with_themselves(seed: int) -> None:
    rng = random.Random(seed)
    n, items, low = rng.choice((2, 3, 5, 8, 16, 40)), rng.choice((1, 1, 2, 3, 7)), rng.choice((0, 1, -3))
    high, rule, ddof = low + rng.choice((1, 4, 10)), rng.choice(RULES), rng.choice((1, 1, 0))
    spread = rng.choice(((low, low), (low, high), (low, high)))
    x = [rng.randint(spread[0] * items, spread[1] * items) for _ in range(n)]
    digits, fine = rng.choice((0, 1, 2, 3)), rng.choice((0, 1, 2, 3))
    mean, sd = show(mean_of(x, items), digits, rule, rng), show(root(variance(x, ddof, items)), fine, rule, rng)
    more: dict[str, Any] = {"items": items, "rounding": rule}
    assert ks.consistency.grim(mean, n, **more)
    assert ks.consistency.grimmer(mean, sd, n, ddof=ddof, scale=(low, high), **more)
    sums = ks.consistency.admissible_sums(mean, sd, n, ddof=ddof, scale=(low, high), **more)
    assert (sum(x), sum(v * v for v in x)) in set(zip(sums.sum.tolist(), sums.sum_of_squares.tolist(), strict=True))
    missing = rng.randrange(3)
    found = ks.consistency.grim(mean, n + missing, missing=missing, **more)
    assert found or found.holds["only if some are missing"].all()
    if n >= 4:
        first = rng.randint(2, n - 2)
        parts = (x[:first], x[first:])
        means = [show(mean_of(part, items), digits, rule, rng) for part in parts]
        sds = [show(root(variance(part, ddof, items)), fine, rule, rng) for part in parts]
        sizes, known = [first, n - first], rng.choice(({}, {"items": items}))
        assert ks.consistency.total(
            n=n, sizes=sizes, mean=mean, means=means, sd=sd, sds=sds, ddof=ddof, rounding=rule, **known
        )
        splits = ks.consistency.grim_splits(*means, n, **more)
        assert splits.agrees[splits["n1"].tolist().index(first)]


@seeds(12)
def test_counts_of_people_agree_with_themselves(seed: int) -> None:
    rng = random.Random(100 + seed)
    n, rule, digits = rng.choice((2, 3, 7, 30, 83, 1000)), rng.choice(RULES), rng.choice((0, 1, 2))
    parts = [0] * rng.choice((2, 3, 5))
    for _ in range(n):
        parts[rng.randrange(len(parts))] += 1
    shares = [Fraction(part, n) for part in parts]
    texts = [percent(share, digits, rule, rng) for share in shares]
    found = ks.consistency.denominators(texts, n=range(max(1, n - 2), n + 2), add_up=True, rounding=rule)
    assert found.agrees[found["n"].tolist().index(n)]
    counts = ks.reconstruct.counts(n=range(max(1, n - 2), n + 2), rate=texts[0], rounding=rule)
    assert (parts[0], n) in zip(counts.x.tolist(), counts.n.tolist(), strict=True)
    ddof = rng.choice((0, 1))
    sd = root(shares[0] * (1 - shares[0]) * n / (n - ddof))
    assert ks.consistency.debit(texts[0], show(sd, digits + 1, rule, rng), n, ddof=ddof, rounding=rule)


@seeds(15)
def test_all_small_samples_are_counted_and_listed(seed: int) -> None:
    rng = random.Random(200 + seed)
    n, items, low, rule = rng.randint(2, 6), rng.choice((1, 1, 2)), rng.choice((0, 1, -2)), rng.choice(RULES)
    high, ddof = low + rng.choice((1, 2, 4)), rng.choice((1, 1, 0))
    values = range(low * items, high * items + 1)
    truth = sorted(rng.choice(values) for _ in range(n))
    mean = ks.Reported(show(mean_of(truth, items), rng.randrange(3), rule, rng), rounding=rule)
    sd = ks.Reported(show(root(variance(truth, ddof, items)), rng.randrange(3), rule, rng), rounding=rule)

    def prints(sample: tuple[int, ...]) -> bool:
        numbers = list(sample)
        return mean_of(numbers, items) in mean.interval and root(variance(numbers, ddof, items)) in sd.interval

    expected = [sample for sample in combinations_with_replacement(values, n) if prints(sample)]
    more: dict[str, Any] = {"n": n, "scale": (low, high), "items": items, "sd_divisor": "n-1" if ddof else "n"}
    found = ks.reconstruct.samples(mean=mean, sd=sd, **more)
    assert found.count == len(expected)
    assert tuple(truth) in expected
    assert ks.reconstruct.sample_exists(mean=mean, sd=sd, **more)
    listed = [tuple(np.repeat(values, row).tolist()) for row in found.counts()]
    assert sorted(listed) == expected
    cut = rng.choice(values)
    assert found.people(at_least=cut / items).tolist() == sorted({sum(v >= cut for v in s) for s in expected})


# ---------------------------------------------------------------------------------------------------------- tests and p
@seeds(30)
def test_a_test_agrees_with_its_own_p(seed: int) -> None:
    rng = random.Random(300 + seed)
    rule, digits, test = rng.choice(RULES[:6]), rng.choice((1, 2, 3)), rng.choice(("t", "z", "F", "chi2", "r"))
    df = rng.choice((1, 2, 5, 28, 81, 1000))
    t = rng.gauss(0, rng.choice((0.1, 1.5, 5.0)))
    df1 = rng.choice((1, 2, 5))
    value, p, more = {
        "t": (t, 2 * stats.t.sf(abs(t), df), {"df": df}),
        "z": (t, 2 * stats.norm.sf(abs(t)), {}),
        "r": (t / math.sqrt(t * t + df), 2 * stats.t.sf(abs(t), df), {"df": df}),
        "F": (t * t, stats.f.sf(t * t, df1, df), {"df1": df1, "df": df}),
        "chi2": (t * t, stats.chi2.sf(t * t, df1), {"df": df1}),
    }[test]
    side = rng.choice(("two-sided", "one-sided", "greater", "less")) if test in ("t", "z", "r") else "two-sided"
    p = {"two-sided": p, "one-sided": p / 2}.get(side, p / 2 if (t > 0) == (side == "greater") else 1 - p / 2)
    printed = show(value, digits, rule, rng), show_p(p, rule, rng)
    assert ks.consistency.pvalue(test, *printed, alternative=side, rounding=rule, **more), (printed, value, p)


@seeds(20)
def test_an_interval_agrees_with_its_estimate_and_p(seed: int) -> None:
    rng = random.Random(400 + seed)
    rule, digits, level = rng.choice(RULES), rng.choice((1, 2, 3)), rng.choice((0.9, 0.95, 0.99))
    middle, se, df = rng.gauss(0, 0.7), abs(rng.gauss(0, 0.4)) + 0.01, rng.choice((math.inf, 5, 81))
    measure, turn = rng.choice((("mean_difference", float), ("odds_ratio", math.exp), ("correlation", math.tanh)))
    reach = float(stats.t.isf((1 - level) / 2, df)) * se
    p = 2 * stats.t.sf(abs(middle) / se, df)
    estimate, low, high = (show(turn(x), digits, rule, rng) for x in (middle, middle - reach, middle + reach))
    found = ks.consistency.confidence_interval(
        estimate, low, high, level=level, p=show_p(p, rule, rng), df=df, measure=measure, rounding=rule
    )
    assert found, found.explanation


@seeds(12)
def test_ranks_agree_with_their_p_tied_or_not(seed: int) -> None:
    rng = random.Random(500 + seed)
    one, two = rng.randint(2, 12), rng.randint(2, 12)
    x = rng.sample(range(60), one + two) if seed % 2 else [rng.randrange(5) for _ in range(one + two)]
    if len(set(x)) == 1:
        x[0] += 1
    method, tied = rng.choice(("exact", "normal", "corrected")), len(set(x)) < len(x)
    exact = method == "exact" and not tied
    found = stats.mannwhitneyu(
        x[:one], x[one:], method="exact" if exact else "asymptotic", use_continuity=method == "corrected"
    )
    p = Fraction(float(found.pvalue)).limit_denominator(10**9) if exact else Fraction(float(found.pvalue))
    printed = show(Fraction(float(found.statistic)), 1, "half", rng), show_p(p, "half", rng)
    answer = ks.consistency.u_pvalue(*printed, one, two)
    assert answer or (tied and answer.holds["only if values are tied"].all()), (printed, found)
    assert ks.consistency.grim_u(printed[0], one, two)


# --------------------------------------------------------------------------------------------------------------- tables
Table = tuple[int, int, int, int]


def chi_square(table: Table) -> Fraction | None:
    a, n1, c, n2 = table
    m, n = a + c, n1 + n2
    return Fraction((a * n2 - c * n1) ** 2 * n, n1 * n2 * m * (n - m)) if 0 < m < n else None


def fisher(table: Table) -> Fraction:
    a, n1, c, n2 = table
    m = a + c
    ways = [math.comb(n1, k) * math.comb(n2, m - k) for k in range(max(0, m - n2), min(m, n1) + 1)]
    own = ways[a - max(0, m - n2)]
    return Fraction(sum(way for way in ways if way <= own * (1 + Fraction(1, 10**7))), sum(ways))


def p_of(table: Table, test: str) -> Any:
    if test == "fisher":
        return fisher(table)
    square = chi_square(table)
    return None if square is None else Fraction(math.erfc(math.sqrt(square / 2)))


MEASURES: dict[str, Callable[[Table], Fraction | None]] = {
    "rate1": lambda t: Fraction(t[0], t[1]),
    "rate2": lambda t: Fraction(t[2], t[3]),
    "rate": lambda t: Fraction(t[0] + t[2], t[1] + t[3]),
    "risk_difference": lambda t: Fraction(t[0], t[1]) - Fraction(t[2], t[3]),
    "risk_ratio": lambda t: Fraction(t[0] * t[3], t[1] * t[2]) if t[2] else None,
    "odds_ratio": lambda t: Fraction(t[0] * (t[3] - t[2]), u) if (u := t[2] * (t[1] - t[0])) else None,
    "statistic": chi_square,
}


def random_table(rng: random.Random, n: int) -> Table:
    n1 = rng.randint(1, n - 1)
    one, two = rng.choice((0.0, 0.1, 0.5, 0.9, 1.0)), rng.random()
    return sum(rng.random() < one for _ in range(n1)), n1, sum(rng.random() < two for _ in range(n - n1)), n - n1


def smaller_first(table: Table) -> Table:
    a, n1, c, n2 = table
    return min(table, (c, n2, a, n1), key=lambda one: (one[1], one[0]))


@seeds(25)
def test_all_small_tables_that_print_so_are_found_and_no_other(seed: int) -> None:
    rng = random.Random(600 + seed)
    n, rule = rng.randint(3, 13), rng.choice(RULES)
    truth = random_table(rng, n)
    given: dict[str, Any] = {"n": n}
    asked: list[Callable[[Table], bool]] = []
    test = rng.choice(("pearson", "fisher"))
    p = p_of(truth, test)
    if p is not None:
        given |= {"p": show_p(p, rule, rng), "test": test}
        interval = ks.Reported(given["p"], rounding=rule).interval
        asked.append(lambda t: (q := p_of(t, test)) is not None and q in interval)
    for name in rng.sample(sorted(MEASURES), rng.choice((1, 1, 2))):
        value = MEASURES[name](truth)
        if value is None or (name == "statistic" and given.get("test") != "pearson"):
            continue
        share = name.startswith("rate") and rng.random() < 0.5
        given[name] = (percent if share else show)(value, rng.choice((1, 2)), rule, rng)
        limits = ks.Reported(given[name], rounding=rule).proportion
        asked.append(lambda t, name=name, limits=limits: (v := MEASURES[name](t)) is not None and v in limits)
    if not asked:
        return
    found = ks.reconstruct.tables(rounding=rule, **given)
    got = list(zip(*(column.tolist() for column in (found.x1, found.n1, found.x2, found.n2)), strict=True))
    every = [(a, n1, c, n - n1) for n1 in range(1, n) for a in range(n1 + 1) for c in range(n - n1 + 1)]
    expected = {table for table in every if all(ask(table) for ask in asked)}
    if not found.labelled:
        expected = {smaller_first(table) for table in expected}
        got = [smaller_first(table) for table in got]
    assert len(got) == len(set(got))
    assert set(got) == expected
    assert (truth if found.labelled else smaller_first(truth)) in expected


@seeds(8)
def test_true_outcomes_of_the_same_people_are_found(seed: int) -> None:
    rng = random.Random(700 + seed)
    n, rule = rng.randint(6, 24), rng.choice(RULES[:6])
    group = [True, False, *(rng.random() < 0.4 for _ in range(n - 2))]
    other = [True, False, *(rng.random() < 0.5 for _ in range(n - 2))]
    response = [rng.random() < 0.6 for _ in range(n)]
    remission = [responds and rng.random() < 0.5 for responds in response]

    def table(split: list[bool], event: list[bool]) -> Table:
        n1 = sum(split)
        a = sum(s and e for s, e in zip(split, event, strict=True))
        return a, n1, sum(event) - a, n - n1

    def printed(truth: Table) -> dict[str, Any]:
        p, more = p_of(truth, "fisher"), {"rate1": percent(MEASURES["rate1"](truth), 0, rule, rng)}
        return {"p": show_p(p, rule, rng), "test": "fisher"} | (more if rng.random() < 0.3 else {})

    events = {"response": response, "remission": remission}
    truths = {name: table(group, event) for name, event in events.items()}
    more: dict[str, Any] = {"n": n, "nested": [("remission", "response")], "rounding": rule}
    found = ks.reconstruct.outcomes({name: printed(truth) for name, truth in truths.items()}, **more)
    frame = found.to_frame()
    fits = np.zeros(len(frame), dtype=bool)
    for order in ((0, 1, 2, 3), (2, 3, 0, 1)):
        columns = {"n1": truths["response"][order[1]]}
        columns |= {f"{name}_x1": truth[order[0]] for name, truth in truths.items()}
        columns |= {f"{name}_x2": truth[order[2]] for name, truth in truths.items()}
        fits |= np.logical_and.reduce([(frame[name] == value).to_numpy() for name, value in columns.items()])
    assert fits.any()
    variables = {"abuse": group, "neglect": other}
    asked = {
        variable: {name: printed(table(split, event)) for name, event in events.items()}
        for variable, split in variables.items()
    }
    joint = ks.reconstruct.subgroups(asked, **more)
    assert joint
    if joint.count < 3000:
        listed = joint.to_frame()
        assert len(listed.drop_duplicates()) == len(listed) == joint.count


# ---------------------------------------------------------------------------------------------------------------- means
def inside(row: Any, name: str, value: float) -> bool:
    slack = 1e-7 * (abs(value) + 1e-3)
    return bool(row[f"{name}_low"] - slack <= value <= row[f"{name}_high"] + slack)


@seeds(12)
def test_a_true_change_is_in_its_ranges(seed: int) -> None:
    rng = random.Random(800 + seed)
    n, rule, digits = rng.choice((3, 5, 12, 40)), rng.choice(RULES), rng.choice((1, 2, 2, 3))
    before = [rng.gauss(20, 4) for _ in range(n)]
    after = [value * rng.choice((0.5, 0.9)) + rng.gauss(-3, 2) for value in before]
    change = np.subtract(after, before)
    sd = [float(np.std(values, ddof=1)) for values in (before, after, change)]
    t = float(change.mean() / sd[2] * math.sqrt(n))
    truth = {
        "mean_change": float(change.mean()),
        "sd_change": sd[2],
        "t": t,
        "r": float(np.corrcoef(before, after)[0, 1]),
    }
    known = truth | {"sd_pre": sd[0], "sd_post": sd[1], "se_change": sd[2] / math.sqrt(n)}
    names = rng.sample(sorted(known), rng.choice((2, 3, 4)))
    given: dict[str, Any] = {name: show(known[name], digits, rule, rng) for name in names}
    if rng.random() < 0.5:
        given["p"] = show_p(float(2 * stats.t.sf(abs(t), n - 1)), rule, rng)
    found = ks.reconstruct.change(n=range(n - 1, n + 2), rounding=rule, **given)
    frame = found.to_frame()
    row = frame[frame["n"] == n].iloc[0]
    for name, value in truth.items():
        turned = not found.sign_known and name in ("t", "mean_change") and row[f"{name}_low"] >= 0
        assert inside(row, name, abs(value) if turned else value), (name, value, given)


@seeds(12)
def test_true_groups_are_in_the_ranges_of_their_f(seed: int) -> None:
    rng = random.Random(900 + seed)
    rule, digits = rng.choice(RULES), rng.choice((1, 2, 2, 3))
    n = [rng.choice((2, 3, 8, 20)) for _ in range(rng.choice((2, 3, 4)))]
    groups = [[rng.gauss(rng.choice((5, 7)), 2) for _ in range(size)] for size in n]
    means, sds = [float(np.mean(one)) for one in groups], [float(np.std(one, ddof=1)) for one in groups]
    test = stats.f_oneway(*groups)
    given: dict[str, Any] = {"means": [show(value, digits, rule, rng) for value in means]}
    texts: list[str | None] = [show(value, digits, rule, rng) for value in sds]
    if rng.random() < 0.4:
        texts[rng.randrange(len(n))] = None
        given["f"] = show(float(test.statistic), 2, rule, rng)
    if rng.random() < 0.4:
        given["p"] = show_p(float(test.pvalue), rule, rng)
    found = ks.reconstruct.anova(n=n, sds=texts, rounding=rule, **given)
    ends = {name: getattr(found, name) for name in ("f_low", "f_high", "p_low", "p_high")}
    assert inside(ends, "f", float(test.statistic))
    assert inside(ends, "p", float(test.pvalue))
    assert np.all(found.group_sd_low <= np.array(sds) + 1e-9)
    assert np.all(found.group_sd_high >= np.array(sds) - 1e-9)


@seeds(6)
def test_two_true_groups_are_in_their_ranges(seed: int) -> None:
    rng = random.Random(1000 + seed)
    n1, n2, rule = rng.choice((3, 8, 20)), rng.choice((4, 9, 15)), rng.choice(RULES[:6])
    x, y = [rng.gauss(12, 3) for _ in range(n1)], [rng.gauss(10, 5) for _ in range(n2)]
    welch = rng.random() < 0.5
    test = stats.ttest_ind(x, y, equal_var=not welch)
    t, p = float(test.statistic), float(test.pvalue)
    truth = {"mean1": float(np.mean(x)), "mean2": float(np.mean(y)), "sd1": float(np.std(x, ddof=1))}
    truth |= {"sd2": float(np.std(y, ddof=1)), "t": t, "difference": float(np.mean(x) - np.mean(y))}
    given: dict[str, Any] = {"t": show(t, 2, rule, rng), "p": show_p(p, rule, rng)}
    names = rng.choice((("mean1", "mean2", "sd1"), ("sd1", "sd2"), ("mean1", "mean2")))
    given |= {name: show(truth[name], rng.choice((1, 2)), rule, rng) for name in names}
    given |= rng.choice(({"n1": n1, "n2": n2}, {"n1": n1, "n": range(n1 + n2 - 1, n1 + n2 + 1)}))
    found = ks.reconstruct.means(test=("student", "welch"), rounding=rule, **given)
    frame = found.to_frame()
    rows = frame[(frame["n1"] == n1) & (frame["n2"] == n2) & (frame["test"] == ("welch" if welch else "student"))]
    if found.sign_known:
        assert any(all(inside(row, name, value) for name, value in truth.items()) for _, row in rows.iterrows())
    else:
        assert any(inside(row, "t", abs(t)) for _, row in rows.iterrows())


# ------------------------------------------------------------------------------------------------------------ quantiles
@pytest.mark.parametrize(
    ("n", "rule", "printed"),
    [
        # True samples that touch several limits at once, which next to nothing tells from touching none.
        (2, "truncate", {"q1": "1.73", "median": "3.15", "q3": "4.57", "maximum": "6.00", "sd": "4.02"}),
        (2, "truncate", {"minimum": "3.00", "median": "6.26", "maximum": "9.53"}),
        (3, "up", {"minimum": "7.53", "q1": "11.99", "q3": "18.73", "maximum": "21.00"}),
        (
            3,
            "truncate",
            {"minimum": "6.10", "median": "12.06", "maximum": "27.00", "iqr": "10.44", "range_width": "20.89"},
        ),
        (5, "up", {"q1": "3.60", "median": "10.04", "q3": "10.06", "maximum": "21.00", "iqr": "6.47"}),
        # Nothing bounds these from below, and some definitions cannot print so.
        (3, "up", {"median": "13", "q3": "14", "maximum": "14"}),
        (6, "truncate", {"minimum": "5", "q1": "10", "median": "13", "q3": "17", "iqr": "6"}),
    ],
)
def test_samples_at_many_limits_at_once_exist(n: int, rule: str, printed: dict[str, str]) -> None:
    assert ks.reconstruct.quantiles(n=n, rounding=rule, **printed)


@seeds(20)
def test_the_true_mean_and_deviation_are_left_by_the_quantiles(seed: int) -> None:
    rng = random.Random(1100 + seed)
    n, rule, digits = rng.choice((2, 3, 4, 5, 6, 7, 12, 21)), rng.choice(RULES), rng.choice((0, 1, 2))
    x = sorted(Fraction(rng.randrange(28000), rng.choice((1000, 7000))) for _ in range(n))

    def quantile(share: Fraction) -> Fraction:
        whole, part = divmod((n - 1) * share, 1)
        return x[int(whole)] + part * (x[min(int(whole) + 1, n - 1)] - x[int(whole)])

    quarters = dict(zip(("q1", "median", "q3"), (quantile(Fraction(k, 4)) for k in (1, 2, 3)), strict=True))
    known = quarters | {"minimum": x[0], "maximum": x[-1], "range_width": x[-1] - x[0]}
    known |= {"iqr": quarters["q3"] - quarters["q1"]}
    names = rng.sample(sorted(known), rng.choice((2, 3, 4)))
    found = ks.reconstruct.quantiles(
        n=n, rounding=rule, definition="linear", **{name: show(known[name], digits, rule, rng) for name in names}
    )
    mean = float(sum(x) / n)
    sd = math.sqrt(float(sum((value - sum(x) / n) ** 2 for value in x)) / (n - 1))
    row = found.to_frame().iloc[0]
    assert inside(row, "mean", mean)
    assert inside(row, "sd", sd)
