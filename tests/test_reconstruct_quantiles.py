"""Mean and SD behind a median, quartiles and a range, as exact ranges."""

from __future__ import annotations

import math
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ketastats as ks
from ketastats.numerics.quantile_ranks import DEFINITIONS
from ketastats.reconstruct import quantiles

FIVE = {"minimum": "2", "q1": "4", "median": "6", "q3": "10", "maximum": "14"}
ENDS = ("mean_low", "mean_high", "sd_low", "sd_high")


def printed_of(values, definition, places):
    """The numbers that an article prints of a sample, with NumPy's quartiles."""
    lower, upper = (np.quantile(values, share, method=definition) for share in (0.25, 0.75))
    low, high = values.min(), values.max()
    numbers = {"minimum": low, "q1": lower, "median": np.median(values), "q3": upper, "maximum": high}
    numbers |= {"iqr": upper - lower, "range_width": high - low, "mean": values.mean(), "sd": values.std(ddof=1)}
    return {name: f"{number:.{places}f}" for name, number in numbers.items()}


# ------------------------------------------------------------------------------------------------------ known limits
def test_the_range_alone_gives_the_limits_of_popoviciu_and_von_szokefalvi_nagy():
    # SD at most half the range (all at both ends), at least the range over sqrt(2 (n - 1)) (all but two in the middle).
    found = quantiles(n=12, minimum="0.000000", maximum="10.000000")
    assert found.sd_high[0] == pytest.approx(5 * math.sqrt(12 / 11), rel=1e-6)
    assert found.sd_low[0] == pytest.approx(10 / math.sqrt(2 * 11), rel=1e-6)
    assert (found.mean_low[0], found.mean_high[0]) == pytest.approx((10 / 12, 110 / 12), abs=1e-6)


def test_a_distance_alone_bounds_the_sd_wherever_the_values_are():
    found = quantiles(n=12, range_width="10.000000")
    assert (found.mean_low[0], found.mean_high[0]) == (-math.inf, math.inf)
    assert found.sd_high[0] == pytest.approx(5 * math.sqrt(12 / 11), rel=1e-6)
    assert found.sd_low[0] == pytest.approx(10 / math.sqrt(2 * 11), rel=1e-6)
    placed = found.where(mean="1000.0")
    assert (placed.sd_low[0], placed.sd_high[0]) == pytest.approx((found.sd_low[0], found.sd_high[0]), rel=1e-9)
    assert quantiles(n=12, iqr="10").sd_high[0] == math.inf


def test_mean_and_median_are_at_most_one_population_sd_apart():
    for n, above in ((20, 9), (21, 10), (2, 0), (3, 1)):
        found = quantiles(n=n, median="6.000000", sd="2.000000")
        # All values at the median but those above it, which are equal to each other.
        reach = 2 * math.sqrt((n - 1) / n) * math.sqrt(above / (n - above))
        assert (found.mean_low[0], found.mean_high[0]) == pytest.approx((6 - reach, 6 + reach), abs=1e-5)
        assert reach <= 2 * math.sqrt((n - 1) / n)


def test_the_largest_value_lies_within_the_limit_of_samuelson():
    limit = 10 + 2 * 9 / math.sqrt(10)
    assert quantiles(n=10, mean="10.00000", sd="2.00000", maximum=f"{limit - 1e-4:.5f}")
    beyond = quantiles(n=10, mean="10.00000", sd="2.00000", maximum=f"{limit + 1e-4:.5f}")
    assert not beyond
    assert beyond.printed.keys() == {"n", "maximum", "mean", "sd"}


def test_without_a_bound_the_mean_has_none():
    found = quantiles(n=20, median="6")
    assert (found.mean_low[0], found.mean_high[0]) == (-math.inf, math.inf)
    assert (found.sd_low[0], found.sd_high[0]) == (0.0, math.inf)
    one_side = quantiles(n=20, minimum="0", median="6")
    assert one_side.mean_low[0] == pytest.approx((9 * -0.5 + 11 * 5.5) / 20)
    assert one_side.mean_high[0] == math.inf
    # With the mean the largest value is bounded too: all others at the lowest that is left.
    assert np.isfinite(one_side.where(mean="7.0").sd_high[0])
    assert quantiles(n=20, median="6", scale=(0, 27)).sd_high[0] < 13.5 * math.sqrt(20 / 19)


# ---------------------------------------------------------------------------------------------------------------- truth
@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 25),
    definition=st.sampled_from(DEFINITIONS[:9]),
    places=st.integers(0, 2),
    what=st.sets(st.sampled_from([*FIVE, "iqr", "range_width", "mean", "sd"]), min_size=1),
    named=st.sampled_from([True, True, True, False]),
)
def test_the_true_mean_and_sd_are_inside(seed, n, definition, places, what, named):
    assume(what - {"mean", "sd"})
    rng = np.random.default_rng(seed)
    values = rng.choice([rng.normal(10, 4, n), rng.exponential(5, n), rng.integers(0, 9, n), rng.integers(0, 2, n)])
    numbers = printed_of(values, definition, places)
    found = quantiles(n=n, **{name: numbers[name] for name in what}, definition=definition if named else None)
    rows = [at for at, names in enumerate(found.definition) if definition in str(names).split("+")]
    assert len(rows) == 1
    at = rows[0]
    slack = 1e-9 * (1.0 + abs(values.mean()))
    assert found.mean_low[at] - slack <= values.mean() <= found.mean_high[at] + slack
    assert found.sd_low[at] - slack <= values.std(ddof=1) <= found.sd_high[at] + slack


@pytest.mark.parametrize(
    "known", [FIVE, FIVE | {"mean": "6.9"}, FIVE | {"sd": "4.1"}, {"median": "6", "range_width": "8"}]
)
def test_every_end_is_reached_by_a_sample_that_prints_so(known):
    found = quantiles(n=13, **known, definition="linear")
    for end in ENDS:
        if np.isinf(getattr(found, end)[0]):
            with pytest.raises(ks.errors.InvalidArgument, match="finite"):
                found.values(end)
            continue
        sample = found.values(end)
        measure = sample.mean() if end.startswith("mean") else sample.std(ddof=1)
        assert measure == pytest.approx(getattr(found, end)[0], abs=1e-7)
        lower, upper = np.quantile(sample, [0.25, 0.75])
        got = {"minimum": sample[0], "q1": lower, "median": np.median(sample), "q3": upper, "maximum": sample[-1]}
        got |= {"range_width": sample[-1] - sample[0], "mean": sample.mean(), "sd": sample.std(ddof=1)}
        for name, text in known.items():
            interval = ks.Reported(text).interval
            assert float(interval.low) - 1e-7 <= got[name] <= float(interval.high) + 1e-7


# ----------------------------------------------------------------------------------------------------------- properties
@settings(max_examples=5)
@given(seed=st.integers(0, 10**6), n=st.integers(3, 15))
def test_more_numbers_and_more_digits_never_widen(seed, n):
    values = np.random.default_rng(seed).gamma(2.0, 4.0, n)
    fine, coarse = (printed_of(values, "weibull", places) for places in (2, 1))
    # Digits printed twice must not round to different sides.
    assume(all(abs(float(fine[name]) - float(coarse[name])) < 0.045 for name in fine))
    names = ["minimum", "median", "maximum", "q1"]
    sets = [quantiles(n=n, definition="weibull", **{name: coarse[name] for name in names[:count]}) for count in (2, 4)]
    sets.append(quantiles(n=n, definition="weibull", **{name: fine[name] for name in names}))
    sets.append(sets[-1].where(mean=fine["mean"]))
    for wide, narrow in pairwise(sets):
        for name in ("mean", "sd"):
            assert getattr(wide, f"{name}_low")[0] <= getattr(narrow, f"{name}_low")[0] + 1e-9
            assert getattr(narrow, f"{name}_high")[0] <= getattr(wide, f"{name}_high")[0] + 1e-9


def test_turned_round_the_means_are_turned_and_the_sds_stay():
    found = quantiles(n=17, **FIVE, definition="linear")
    other = {"minimum": "-14", "q1": "-10", "median": "-6", "q3": "-4", "maximum": "-2"}
    turned = quantiles(n=17, **other, definition="linear")
    assert turned.mean_low == pytest.approx(-found.mean_high)
    assert (turned.sd_low[0], turned.sd_high[0]) == pytest.approx((found.sd_low[0], found.sd_high[0]), rel=1e-9)


def test_where_is_everything_at_once_and_says_what_it_removed():
    found = quantiles(n=range(5, 9), median="6", minimum="2", maximum="14")
    narrowed = found.where(mean="9.2")
    together = quantiles(n=range(5, 9), median="6", minimum="2", maximum="14", mean="9.2")
    assert narrowed.n.tolist() == together.n.tolist() == [7]
    assert narrowed.sd_high == pytest.approx(together.sd_high)
    assert narrowed.steps[0].startswith("mean = 9.2 removed 3 of 4 rows")
    assert narrowed.steps[0] + "." in narrowed.summary()
    # The closest of five observations is the smallest one, which is not 4.
    assert found.where(q1="4").steps[0].startswith("q1 = 4 removed 1 of 27 rows")
    twice = narrowed.where(mean="9.20")
    assert list(twice.printed)[-2:] == ["mean", "mean (2)"]
    gone = narrowed.where(sd="0.1")
    assert (bool(gone), gone.emptied_by) == (False, "sd = 0.1")
    assert gone.where(median="6").emptied_by == "sd = 0.1"


def test_the_outline_is_what_each_mean_leaves():
    found = quantiles(n=15, **FIVE, definition="hinges")
    outline = found.outline(5)
    assert len(outline) == 5
    assert outline["sd_low"].min() >= found.sd_low[0] - 1e-9
    assert outline["sd_high"].max() <= found.sd_high[0] + 1e-9
    middle = outline.iloc[2]
    given_mean = found.where(mean=f"{middle['mean']:.8f}")
    assert (given_mean.sd_low[0], given_mean.sd_high[0]) == pytest.approx(
        tuple(middle[["sd_low", "sd_high"]]), abs=1e-6
    )


def test_definitions_that_give_the_same_values_share_a_row():
    few = quantiles(n=9, **FIVE)
    assert sorted(name for names in few.definition for name in names.split("+")) == sorted(DEFINITIONS)
    assert len(few) < len(DEFINITIONS)
    assert len(quantiles(n=9, median="6", minimum="2", maximum="14")) == 1
    assert quantiles(n=9, **FIVE, definition=["linear", "hinges"]).definition.tolist() == ["linear+hinges"]


def test_open_ends_do_not_touch():
    # Rounded half up nobody has both: the first is below 4.95 and the second is not.
    for rounding, possible in (("half", True), ("half_up", False)):
        assert bool(quantiles(n=7, maximum="4.9", median="5.0", rounding=rounding)) is possible
    empty = quantiles(n=7, maximum="4.9", median="5.0", rounding="half_up")
    assert empty.emptied_by == "maximum = 4.9"
    assert "exists" in empty.identifiability


# ---------------------------------------------------------------------------------------------------------------- words
def test_words_and_table():
    found = quantiles(n=20, **FIVE, scale=(0, 27), definition="linear")
    assert list(found.to_frame().columns) == ["n", "definition", *ENDS]
    assert found.printed["scale"] == "from 0 to 27"
    assert "the definition linear" in found.summary()
    assert "<pre>" in found._repr_html_()
    assert len(found.outline(2)) == 2


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"median": None}, "median"),
        ({"median": 6}, "median"),
        ({"median": "50%"}, "median"),
        ({"iqr": "-1"}, "iqr"),
        ({"n": 1}, "n"),
        ({"n": 2.0}, "n"),
        ({"scale": (5, 1)}, "scale"),
        ({"scale": 5}, "scale"),
        ({"definition": "tukey"}, "definition"),
        ({"rounding": "odd"}, "rounding"),
        ({"budget": 0}, "budget"),
    ],
)
def test_bad_arguments_are_named(change, name):
    with pytest.raises((ks.errors.InvalidArgument, ks.errors.InvalidType), match=f"^{name} is "):
        quantiles(**({"n": 20, "median": "6"} | change))


@pytest.mark.parametrize(
    "call",
    [
        lambda found: found.where(),
        lambda found: found.where(variance="3"),
        lambda found: found.values("median"),
        lambda found: found.values("sd_low", row=1),
        lambda found: found.outline(1),
        lambda found: found.outline(5),
        lambda found: found.where(minimum="9").values("sd_low"),
    ],
)
def test_impossible_questions_to_a_set_are_refused(call):
    with pytest.raises(ks.errors.InvalidArgument):
        call(quantiles(n=20, median="6"))


def test_a_search_beyond_the_budget_is_refused():
    with pytest.raises(ks.errors.BudgetExceeded, match="200"):
        quantiles(n=range(100, 103), median="6", budget=200)
    with pytest.raises(ks.errors.BudgetExceeded, match="definition"):
        quantiles(n=100, q1="6", budget=200)


# -------------------------------------------------------------------------------------------------------- whole numbers
@pytest.mark.parametrize("items", [1, 2])
def test_whole_numbers_against_every_sample(items):
    rng = np.random.default_rng(items)
    for _ in range(8):
        n, top = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        samples = np.array(list(combinations_with_replacement(range(top * items + 1), n))) / items
        lower, upper = (np.quantile(samples, share, axis=1, method="weibull") for share in (0.25, 0.75))
        of = {"minimum": samples[:, 0], "q1": lower, "median": np.median(samples, axis=1), "q3": upper}
        of |= {"maximum": samples[:, -1], "iqr": upper - lower, "range_width": samples[:, -1] - samples[:, 0]}
        of |= {"mean": samples.mean(axis=1), "sd": samples.std(axis=1, ddof=1)}
        truth = int(rng.integers(len(samples)))
        names = [name for name in of if rng.random() < 0.4] or ["median"]
        names = names if set(names) - {"mean", "sd"} else [*names, "q1"]
        texts = {name: f"{of[name][truth] + 1e-9:.{rng.integers(0, 3)}f}" for name in names}
        keep = np.ones(len(samples), dtype=bool)
        for name, text in texts.items():
            interval = ks.Reported(text).interval
            keep &= (of[name] >= float(interval.low) - 1e-9) & (of[name] <= float(interval.high) + 1e-9)
        found = quantiles(n=n, **texts, scale=(0, top), items=items, definition="weibull")
        assert (found.mean_low[0], found.mean_high[0]) == pytest.approx(
            (of["mean"][keep].min(), of["mean"][keep].max()), abs=1e-12
        )
        ends = found.sd_low[0], found.sd_high[0]
        if "sd" in names:
            assert ends[0] - 1e-9 <= of["sd"][keep].min() <= of["sd"][keep].max() <= ends[1] + 1e-9
        else:
            assert ends == pytest.approx((of["sd"][keep].min(), of["sd"][keep].max()), abs=1e-12)


def test_whole_numbers_narrow_what_any_numbers_leave():
    any_ = quantiles(n=20, **FIVE, scale=(0, 27))
    whole = quantiles(n=20, **FIVE, scale=(0, 27), items=1)
    assert set(whole.definition) <= set(any_.definition)
    assert whole.mean_low.min() >= any_.mean_low.min()
    assert whole.sd_low.min() > any_.sd_low.min()
    # 6.93 is no share of 20 whole numbers.
    assert quantiles(n=20, **FIVE, scale=(0, 27), mean="6.93")
    assert quantiles(n=20, **FIVE, scale=(0, 27), mean="6.93", items=1).emptied_by == "mean = 6.93"
    assert whole.where(mean="6.95").mean_low[0] == 6.95
    # Half values print as median only where the two in the middle differ by an odd number.
    assert not quantiles(n=21, median="6.5", scale=(0, 27), items=1)
    with pytest.raises(ks.errors.BudgetExceeded, match="whole numbers"):
        quantiles(n=300, iqr="10", scale=(0, 100_000), items=1)
    with pytest.raises(ks.errors.InvalidArgument, match=r"^end is"):
        whole.values("sd_low")
    with pytest.raises(ks.errors.InvalidArgument, match=r"^size is"):
        whole.outline()
    for change, name in (({"scale": None}, "scale"), ({"scale": (0, 2.5)}, "scale"), ({"items": 0}, "items")):
        with pytest.raises(ks.errors.InvalidArgument, match=rf"^{name} is"):
            quantiles(**({"n": 20, "median": "6", "scale": (0, 27), "items": 1} | change))
