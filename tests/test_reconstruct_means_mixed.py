"""Two means from any mix of numbers: the truth is always inside; further numbers; quantiles of groups."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.reconstruct import means

RANGES = ("t", "df", "p", "d", "difference", "se", "sd", "sd1", "sd2", "mean1", "mean2")
OF_GROUPS = ("mean", "sd", "se", "ci", "median", "quartiles", "range", "iqr", "range_width")
OF_BOTH = ("p", "t", "f", "df", "d", "difference", "ci", "se", "sd")
FIVE = {"median1": "6", "quartiles1": ("4", "10"), "range1": ("0", "20")}


def true_values(a, b, test):
    """Everything that the set has a range of, from the raw values by the formulas of a textbook."""
    n1, n2, s1, s2 = a.size, b.size, a.std(ddof=1), b.std(ddof=1)
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    if test == "student":
        df, error = n1 + n2 - 2, pooled * math.sqrt(1 / n1 + 1 / n2)
    else:
        v1, v2 = s1**2 / n1, s2**2 / n2
        df, error = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1)), math.sqrt(v1 + v2)
    difference = a.mean() - b.mean()
    t = difference / error
    values = {"t": t, "df": df, "p": 2 * stats.t.sf(abs(t), df), "d": difference / pooled, "difference": difference}
    return values | {"se": error, "sd": pooled, "sd1": s1, "sd2": s2, "mean1": a.mean(), "mean2": b.mean()}


def printed_of(a, b, values, places, signs):
    """What an article may print of both groups and their comparison, at a 90 % level."""

    def text(number, digits=places, sign=False):
        return f"{number:+.{digits}f}" if sign else f"{number:.{digits}f}"

    half = stats.t.isf(0.05, values["df"]) * values["se"]
    # Without a sign an article prints sizes.
    shown = {name: values[name] if signs else abs(values[name]) for name in ("t", "d", "difference")}
    out = {name: text(number, places + 1, sign=signs) for name, number in shown.items()}
    out |= {"p": text(values["p"], 3), "f": text(values["t"] ** 2), "df": text(values["df"], 1)}
    out |= {"se": text(values["se"], places + 1), "sd": text(values["sd"], places + 1)}
    out["ci"] = text(values["difference"] - half), text(values["difference"] + half)
    for group, x in (("1", a), ("2", b)):
        lower, middle, upper = np.quantile(x, [0.25, 0.5, 0.75])
        error = x.std(ddof=1) / math.sqrt(x.size)
        reach = stats.t.isf(0.05, x.size - 1) * error
        numbers = {"mean": x.mean(), "sd": x.std(ddof=1), "median": middle, "iqr": upper - lower}
        out |= {f"{name}{group}": text(number) for name, number in numbers.items()}
        out |= {f"se{group}": text(error, places + 1), f"range_width{group}": text(x.max() - x.min())}
        pairs = {"ci": (x.mean() - reach, x.mean() + reach), "quartiles": (lower, upper), "range": (x.min(), x.max())}
        out |= {f"{name}{group}": tuple(text(end) for end in pair) for name, pair in pairs.items()}
    return out


@settings(max_examples=5)
@given(
    seed=st.integers(0, 10**6),
    n1=st.integers(3, 12),
    n2=st.integers(3, 12),
    groups=st.sets(st.sampled_from(OF_GROUPS), max_size=3),
    both=st.sets(st.sampled_from(OF_BOTH), max_size=4),
    sizes=st.sampled_from(["known", "known", "total", "range"]),
    test=st.sampled_from(["student", "welch"]),
    named=st.booleans(),
    signs=st.booleans(),
)
def test_the_truth_is_inside_whatever_was_printed(seed, n1, n2, groups, both, sizes, test, named, signs):
    rng = np.random.default_rng(seed)
    shift, spread, places = rng.normal(0, 3), rng.uniform(0.5, 6), int(rng.integers(0, 3))
    a = 10 + shift + spread * rng.choice([rng.normal(size=n1), rng.exponential(size=n1)])
    b = 10 + rng.uniform(0.5, 6) * rng.normal(size=n2)
    values = true_values(a, b, test)
    printed = printed_of(a, b, values, places, signs)
    known = {f"{name}{group}": printed[f"{name}{group}"] for name in groups for group in "12" if rng.random() < 0.8}
    known |= {name: printed[name] for name in both}
    # An SD of zero is no SD; and quantiles with an unknown split take many seconds.
    assume(all(float(known[name]) > 0 for name in ("sd", "se") if name in known))
    heavy = {"median", "quartiles", "range", "iqr", "range_width"} & groups
    if sizes != "known" and (heavy or "ci" in groups):
        sizes = "known"
    people = {"known": {"n1": n1, "n2": n2}, "total": {"n": n1 + n2}, "range": {"n": range(n1 + n2 - 1, n1 + n2 + 1)}}
    if {"ci", "ci1", "ci2"} & known.keys():
        known["level"] = 0.9
    tests = (test,) if named else ("student", "welch")
    try:
        found = means(**people[sizes], **known, test=tests, definition="linear")
    except ks.errors.InvalidArgument as error:
        assume(error.argument != "p")
        raise
    first, second = (n1, n2) if found.labelled or n1 <= n2 else (n2, n1)
    at = np.nonzero((found.n1 == first) & (found.n2 == second) & (found.test == test))[0]
    assert any(holds(found, row, values, exchanged=first != n1) for row in at), (known, values)


def holds(found, row, values, *, exchanged):
    """Whether a row holds the truth; where groups are listed the other way round only what has no order is compared."""
    for name in RANGES:
        if exchanged and name in ("sd1", "sd2", "mean1", "mean2"):
            continue
        size = name in ("t", "d", "difference") and not found.sign_known
        truth = abs(values[name]) if size else values[name]
        slack = 1e-8 * (1 + abs(truth))
        if not getattr(found, f"{name}_low")[row] - slack <= truth <= getattr(found, f"{name}_high")[row] + slack:
            return False
    return True


# ------------------------------------------------------------------------------------------------- quantiles of groups
def test_quantiles_of_a_group_bound_its_mean_and_its_sd_as_they_do_alone():
    found = means(n1=17, n2=20, **FIVE, mean2="8.0", sd2="4.1", definition="linear")
    alone = ks.reconstruct.quantiles(n=17, median="6", q1="4", q3="10", minimum="0", maximum="20", definition="linear")
    for name, other in (("mean1", "mean"), ("sd1", "sd")):
        for end in ("low", "high"):
            assert getattr(found, f"{name}_{end}")[0] == pytest.approx(getattr(alone, f"{other}_{end}")[0], rel=1e-9)
    every = means(n1=17, n2=20, **FIVE, mean2="8.0", sd2="4.1")
    assert every.mean1_low[0] <= found.mean1_low[0] <= found.mean1_high[0] <= every.mean1_high[0]
    assert any("any definition" in sentence for sentence in every.assumptions)


def test_a_printed_mean_narrows_the_sd_that_the_quantiles_leave():
    loose = means(n1=17, n2=20, **FIVE, mean2="8.0", sd2="4.1", definition="linear")
    tight = means(n1=17, n2=20, **FIVE, mean1="9.8", mean2="8.0", sd2="4.1", definition="linear")
    assert tight.sd1_low[0] > loose.sd1_low[0] + 0.1
    impossible = means(n1=17, n2=20, **FIVE, mean1="13.0", mean2="8.0", sd2="4.1", definition="linear")
    assert not impossible
    assert impossible.emptied_by == "range1 0 to 20"


def test_quantiles_alone_leave_a_range_of_t_and_rule_out_sizes():
    found = means(n=range(5, 8), median1="3", range1=("0", "30"), mean1="9.0", range2=("1", "9"))
    # Of two people the median is the mean; of three the sum is 27 at least, so that the largest is 23 or more.
    assert 2 not in found.n1
    assert set(found.n1.tolist()) <= {3, 4, 5}
    assert found.labelled
    assert found.sign_known
    assert np.isfinite(found.t_high).all() or found.sd1_low.min() > 0


def test_a_scale_bounds_the_sd_of_a_group_with_a_mean():
    free = means(n1=10, n2=12, mean1="1.0", mean2="5.0", p="0.03")
    on_scale = means(n1=10, n2=12, mean1="1.0", mean2="5.0", p="0.03", scale=(0, 10))
    assert on_scale.sd1_high[0] < free.sd1_high[0]
    most = ks.reconstruct.quantiles(n=10, minimum=ks.Reported(">= 0"), mean="1.0", scale=(0, 10)).sd_high[0]
    assert on_scale.sd1_high[0] <= most + 1e-9


def test_means_of_whole_numbers_rule_out_sizes():
    known = {"mean1": "3.14", "mean2": "2.9", "sd1": "1.2", "sd2": "1.1"}
    found = means(n=30, **known, scale=(1, 5), items=1)
    # 3.14 is printed of a seventh, and of shares of 14 and of 21 and more people.
    grim = ks.consistency.grim
    possible = [n for n in range(2, 29) if grim("3.14", n=n) and grim("2.9", n=30 - n)]
    assert found.n1.tolist() == possible
    assert set(found.n1.tolist()) < set(means(n=30, **known).n1.tolist())
    one = means(n1=7, n2=23, **known, scale=(1, 5), items=1)
    assert (one.mean1_low[0], one.mean1_high[0]) == pytest.approx((22 / 7, 22 / 7), rel=1e-15)
    assert means(n1=8, n2=22, **known, scale=(1, 5), items=1).emptied_by == "mean1 = 3.14"
    assert means(n1=8, n2=22, **known, scale=(1, 5), items=9).mean1_low[0] == pytest.approx(226 / 72, rel=1e-15)
    assert any("1 whole numbers" in sentence for sentence in one.assumptions)


# -------------------------------------------------------------------------------------------------------------- where
@settings(max_examples=6)
@given(seed=st.integers(0, 10**6), name=st.sampled_from(["sd", "t", "difference", "n1", "mean1", "ci"]))
def test_where_is_everything_at_once(seed, name):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(5, 2, 9), rng.normal(4, 3, 12)
    values = true_values(a, b, "student")
    printed = printed_of(a, b, values, 1, signs=True) | {"n1": 9}
    further = {name: printed[name]} | ({"level": 0.9} if name == "ci" else {})
    first = means(n=21, p=printed["p"], d=printed["d"])
    narrowed, together = first.where(**further), means(n=21, p=printed["p"], d=printed["d"], **further)
    assert narrowed.n1.tolist() == together.n1.tolist()
    for quantity in RANGES:
        for end in ("low", "high"):
            one, two = (getattr(found, f"{quantity}_{end}") for found in (narrowed, together))
            np.testing.assert_allclose(one, two, rtol=1e-9)
    assert (narrowed.labelled, narrowed.sign_known) == (together.labelled, together.sign_known)
    assert narrowed.assumptions == together.assumptions


def test_where_says_what_it_removed_and_what_emptied_it():
    found = means(n=83, p="0.572")
    one = found.where(n1=33)
    assert one.steps == ("n1 = 33 removed 40 of 41 rows",)
    assert (one.n1.tolist(), one.n2.tolist(), one.labelled) == ([33], [50], True)
    assert "removed 40 of 41 rows." in one.summary()
    two = found.where(n=[83, 84], n2=[33, 40])
    assert two.n2.tolist() == [33, 40] or two.n2.tolist() == [40, 33]
    assert one.where(t="0.57").printed == {
        "sizes": "n = 83, unknown split",
        "p": "= 0.572",
        "n1": "= 33",
        "t": "= 0.57",
    }
    for further, culprit in (({"n1": 90}, "n1 = 90"), ({"d": "0.14", "t": "1.2", "sd": "3"}, "t = 1.2")):
        gone = found.where(**further)
        assert (bool(gone), gone.emptied_by) == (False, culprit)
        assert gone.identifiability.endswith("leaves nothing of 41 splits.")
        assert gone.where(f="0.3").emptied_by == culprit


def test_a_number_printed_twice_must_hold_twice():
    found = means(n=83, p="0.57", t="0.6")
    finer = found.where(t="0.570")
    assert finer.t_low[0] >= 0.5695
    assert found.where(t="0.6").t_low.tolist() == found.t_low.tolist()
    minus = found.where(t="-0.570")
    assert (minus.sign_known, bool(np.all(minus.t_high < 0))) == (True, True)
    assert minus.t_low[0] == pytest.approx(-0.5705)
    assert not minus.where(t="+0.570")
    assert list(finer.printed) == ["sizes", "p", "t", "t (2)"]
    interval = means(n1=20, n2=30, ci=("-1.0", "3.0"), level=0.95).where(ci=("-1.04", "3.01"))
    assert interval.difference_low[0] == pytest.approx((-1.045 + 3.005) / 2)


# ------------------------------------------------------------------------------------------ the most informative number
def test_the_most_informative_number_against_every_digit():
    found = means(n=24, p="0.21", test=("student", "welch"), df="15.5")
    table = found.most_informative(["n1", "d", "p"], decimals=2).set_index("figure")
    for name, places in (("n1", 0), ("d", 2), ("p", 2)):
        low, high = (
            (found.n1, found.n1) if name == "n1" else (getattr(found, f"{name}_{end}") for end in ("low", "high"))
        )
        prints = [
            range(math.floor(one * 10**places + 0.5), math.floor(two * 10**places + 0.5) + 1)
            for one, two in zip(low, high, strict=True)
        ]
        left = {digit: sum(digit in each for each in prints) for each in prints for digit in each}
        row = table.loc[name]
        assert row["printed"] == len(left)
        assert row["most"] == max(left.values())
        assert row["expected"] == pytest.approx(np.mean([np.mean([left[digit] for digit in each]) for each in prints]))
        told = [np.mean([math.log2(len(found) / left[digit]) for digit in each]) for each in prints]
        assert row["bits"] == pytest.approx(np.mean(told))
    assert found.most_informative()["expected"].is_monotonic_increasing
    assert "sd" not in set(found.most_informative()["figure"])
    assert found.where(n1=99).most_informative().empty


def test_marginals_and_draws_count_rows():
    found = means(n=40, p="0.21", test=("student", "welch"))
    assert found.marginal("test")["members"].sum() == len(found)
    assert found.marginal("n")["share"].tolist() == [1.0]
    assert len(found.draw(5, rng=3)) == 5
    with pytest.raises(ks.errors.InvalidArgument, match="name"):
        found.marginal("median")


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda found: found.where(), "where"),
        (lambda found: found.where(variance="3"), "where"),
        (lambda found: found.where(ci=("1", "2")), "level"),
        (lambda found: found.where(quartiles1="4"), "quartiles1"),
        (lambda found: found.where(range2=("9", "4")), "range2"),
        (lambda found: found.where(t=0.57), "t"),
        (lambda found: found.where(rounding="odd", t="0.57"), "rounding"),
        (lambda found: found.most_informative("x"), "figures"),
        (lambda found: found.most_informative(decimals=-1), "decimals"),
        (lambda found: found.where(ci=("1", "2"), level=0.9).where(ci1=("1", "2"), level=0.95), "level"),
        (lambda _: means(n=20, range1=("1", "9")), "p"),
        (lambda _: means(n=20, p="0.2", scale=(9, 1)), "scale"),
        (lambda _: means(n=20, p="0.2", definition="third"), "definition"),
    ],
)
def test_bad_arguments_are_named(call, name):
    with pytest.raises((ks.errors.InvalidArgument, ks.errors.InvalidType), match=f"^{name} is "):
        call(means(n=83, p="0.572"))


def test_quantiles_with_an_unknown_split_count_more():
    with pytest.raises(ks.errors.BudgetExceeded, match="100,000"):
        means(n=20, p="0.2", median1="6", budget=50_000)
