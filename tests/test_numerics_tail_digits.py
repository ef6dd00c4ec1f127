"""Tails to any number of digits, against mpmath, and ties that only exact numbers can see."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest

from ketastats.numerics import tail_digits

FAMILIES = ("t", "z", "r", "F", "chi2")
DIGITS = 40


def by_mpmath(family: str, statistic: Fraction, df1: Fraction, df2: Fraction) -> mpmath.mpf:
    with mpmath.workdps(DIGITS + 20):
        s, a, b = (mpmath.mpf(v.numerator) / v.denominator for v in (statistic, df1, df2))
        half = mpmath.mpf(1) / 2
        if family == "chi2":
            return mpmath.gammainc(a / 2, s / 2, regularized=True)
        if family == "z":
            return mpmath.erfc(s / mpmath.sqrt(2))
        if family == "t":
            return mpmath.betainc(b / 2, half, 0, b / (b + s * s), regularized=True)
        if family == "r":
            return mpmath.betainc(b / 2, half, 0, 1 - s * s, regularized=True)
        return mpmath.betainc(b / 2, a / 2, 0, b / (b + a * s), regularized=True)


def tail(family: str, statistic: Fraction, df1: Fraction, df2: Fraction) -> mpmath.mpf:
    endless = family == "z"
    name, df = ("t", Fraction(0)) if endless else (family, df2)
    return mpmath.mpf(str(tail_digits.tail(name, statistic, df1, df, DIGITS)))


@pytest.mark.parametrize("family", FAMILIES)
def test_forty_digits(family: str) -> None:
    draw = random.Random(FAMILIES.index(family))
    with mpmath.workdps(DIGITS + 20):
        for _ in range(60):
            df1 = (
                Fraction(draw.choice([1, 2, 3, 5, 10, 40]))
                if draw.random() < 0.7
                else Fraction(draw.randint(5, 400), 10)
            )
            df2 = (
                Fraction(draw.choice([1, 2, 3, 8, 81, 900]))
                if draw.random() < 0.7
                else Fraction(draw.randint(5, 999), 10)
            )
            top = {"r": 99, "chi2": 600 * int(df1 + 1)}.get(family, 600)
            statistic = Fraction(draw.randint(1, top), 100)
            found, expected = tail(family, statistic, df1, df2), by_mpmath(family, statistic, df1, df2)
            assert abs(found / expected - 1) < mpmath.mpf(10) ** (2 - DIGITS), (statistic, df1, df2)


@pytest.mark.parametrize(
    ("family", "statistic", "df1", "df2", "p"),
    [
        ("F", Fraction(1), 2, 2, Fraction(1, 2)),  # 1 / (1 + F)
        ("F", Fraction(3), 2, 4, Fraction(4, 25)),  # (1 + 2 F / 4) ** -2
        ("t", Fraction(1), 0, 1, Fraction(1, 2)),  # 1 - 2 arctan(t) / pi
        ("r", Fraction(1, 2), 0, 2, Fraction(1, 2)),  # 1 - r
        ("r", Fraction(3, 5), 0, 4, Fraction(26, 125)),  # 1 - r (3 - r ** 2) / 2
    ],
)
def test_exact_ties(family: str, statistic: Fraction, df1: int, df2: int, p: Fraction) -> None:
    args = (family, statistic, Fraction(df1), Fraction(df2))
    assert tail_digits.compare_tail(*args, p) == 0
    assert tail_digits.compare_tail(*args, p + Fraction(1, 10**30)) == -1
    assert tail_digits.compare_tail(*args, p - Fraction(1, 10**30)) == 1


def test_edges_without_a_tail() -> None:
    args = ("t", Fraction(2), Fraction(1), Fraction(10))
    assert tail_digits.compare_tail(*args, Fraction(0)) == 1
    assert tail_digits.compare_tail(*args, Fraction(-1, 2)) == 1
    assert tail_digits.compare_tail(*args, Fraction(11, 10)) == -1
    assert tail_digits.compare_tail(*args, Fraction(1)) == -1
    assert tail_digits.compare_tail("t", Fraction(0), Fraction(1), Fraction(10), Fraction(1)) == 0
    assert tail_digits.compare_tail("t", Fraction(0), Fraction(1), Fraction(10), Fraction(2)) == -1
    assert tail_digits.compare_tail("t", Fraction(0), Fraction(1), Fraction(10), Fraction(1, 2)) == 1
    assert tail_digits.compare_tail("r", Fraction(1), Fraction(1), Fraction(10), Fraction(1, 10**50)) == -1


def test_many_degrees_of_freedom() -> None:
    normal = tail("z", Fraction(2), Fraction(1), Fraction(0))
    assert tail("t", Fraction(2), Fraction(1), Fraction(10**12)) == normal
    # The next term of the expansion of t about the normal: density * (z**3 + z) / (2 df).
    near = tail("t", Fraction(2), Fraction(1), Fraction(10**6))
    with mpmath.workdps(DIGITS):
        step = mpmath.npdf(2) * (8 + 2) / (2 * mpmath.mpf(10**6))
        assert abs((near - normal) / step - 1) < 1e-5
        # With an F of 3 and endless denominators, chi-squared of 9.
        chi2 = by_mpmath("chi2", Fraction(9), Fraction(3), Fraction(1))
        assert abs(tail("F", Fraction(3), Fraction(3), Fraction(10**12)) / chi2 - 1) < mpmath.mpf(10) ** -38


def test_far_tails() -> None:
    assert (
        abs(
            tail("z", Fraction(37), Fraction(1), Fraction(0)) / by_mpmath("z", Fraction(37), Fraction(1), Fraction(1))
            - 1
        )
        < 1e-38
    )
    # Almost 1, so that what is missing decides.
    missing = 1 - tail("F", Fraction(1, 10**12), Fraction(10), Fraction(20))
    assert 0 < missing < mpmath.mpf(10) ** -38 or missing == 0
