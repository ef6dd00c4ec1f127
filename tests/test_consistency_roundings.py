"""Every assumption about a mean and a deviation, against all samples, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product

import pytest

import ketastats as ks
from ketastats.consistency._roundings import Reading, branches, readings

RULES = list(ks.Rounding)


def moments(values: range, n: int) -> Iterator[tuple[Fraction, Fraction]]:
    """Mean, and sum of squares around it, of every sample."""
    for sample in combinations_with_replacement(values, n):
        mean = Fraction(sum(sample), n)
        yield mean, sum((value - mean) ** 2 for value in sample)


@cache
def interval(text: str, rule: ks.Rounding) -> ks.Interval:
    """What prints so."""
    return ks.Reported(text, rounding=rule).proportion


def inside(square: Fraction, ends: ks.Interval) -> bool:
    """Whether the root of a fraction lies in an interval."""
    if ends.high < 0:
        return False
    low, high = max(Fraction(ends.low), Fraction(0)), Fraction(ends.high)
    above = square > low**2 or (square == low**2 and (ends.closed_low or ends.low < 0))
    return above and (square < high**2 or (square == high**2 and ends.closed_high))


def printed(reading: Reading, rule: ks.Rounding, mean: str, sd: str, n: int, found: tuple[Fraction, Fraction]) -> bool:
    """Whether a sample prints so under a reading."""
    variance = found[1] / (n - reading.ddof) / (n if reading.error else 1)
    return found[0] in interval(mean, reading.mean or rule) and inside(variance, interval(sd, reading.sd or rule))


@pytest.mark.parametrize(("rule", "ddof", "n"), [("half", 1, 3), ("truncate", 0, 3), ("half_up", 1, 4), ("up", 1, 2)])
def test_every_assumption_of_grimmer_by_all_samples(rule: str, ddof: int, n: int) -> None:
    stated = ks.Rounding(rule)
    pairs = list(product([f"{k / 10:.1f}" for k in range(0, 31, 2)], [f"{k / 10:.1f}" for k in range(0, 25, 3)]))
    means, sds = (list(column) for column in zip(*pairs, strict=True))
    found = ks.consistency.grimmer(means, sds, n, scale=(0, 3), ddof=ddof, rounding=rule)
    samples = set(moments(range(4), n))
    assert list(found.holds) == list(readings(stated, ddof))
    for label, reading in readings(stated, ddof).items():
        expected = [any(printed(reading, stated, *pair, n, sample) for sample in samples) for pair in pairs]
        assert found.holds[label].tolist() == expected, label
        assert any(expected), label


@pytest.mark.parametrize(("rule", "n"), [("half", 7), ("truncate", 9)])
def test_every_assumption_of_debit_by_all_counts(rule: str, n: int) -> None:
    stated = ks.Rounding(rule)
    pairs = list(product([f"{k}%" for k in range(0, 101, 5)], [f"{k / 100:.2f}" for k in range(0, 60, 4)]))
    means, sds = (list(column) for column in zip(*pairs, strict=True))
    found = ks.consistency.debit(means, sds, n, rounding=rule)
    samples = set(moments(range(2), n))
    for label, reading in readings(stated, 1).items():
        expected = [any(printed(reading, stated, *pair, n, sample) for sample in samples) for pair in pairs]
        assert found.holds[label].tolist() == expected, label


@pytest.mark.parametrize(
    ("mean", "sd", "label"),
    [
        # 26 / 12 = 2.1667, which is 2.17 rounded and 2.16 cut; S^2 = 26^2 and Q = 74 give an SD of 1.2673.
        ("2.17", "1.27", "consistent"),
        ("2.17", "1.26", "only if the SD is truncated"),
        ("2.16", "1.27", "only if the mean is truncated"),
        ("2.16", "1.26", "only if truncated"),
        # 1.2673 / sqrt(12) = 0.3658.
        ("2.17", "0.366", "only if the SD is a standard error"),
    ],
)
def test_one_of_both_numbers_may_have_been_cut(mean: str, sd: str, label: str) -> None:
    assert ks.consistency.grimmer(mean, sd, n=12).label.tolist() == [label]


@pytest.mark.parametrize("rule", RULES)
def test_the_stated_rule_comes_first_and_no_other_says_the_same(rule: ks.Rounding) -> None:
    found = branches(rule)
    assert next(iter(found)) == "consistent"
    assert found.pop("consistent") is None
    assert rule not in found.values()
    assert len(set(found.values())) == len(found)
    every = readings(rule, 1)
    assert len(set(every.values())) == len(every)
    # An interval that takes ties either way holds those of each rule about ties.
    assert ("only if ties may go either way" in found) == (rule.value.startswith("half") and rule.value != "half")


def test_a_tie_that_went_the_other_way_is_named() -> None:
    # 3 / 8 = 0.375 prints as 0.38 when ties go up.
    assert ks.consistency.grim("0.37", n=8, rounding="half_up").label.tolist() == ["only if ties may go either way"]
    assert ks.consistency.grim("0.37", n=8, rounding="half_down").agrees.tolist() == [True]
