"""Power of chi-square tests from Cohen's w."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import ketastats as ks
from ketastats.errors import InvalidArgument, NoSolution
from ketastats.numerics import noncentral_chi2

GOLDEN = Path(__file__).parent / "golden" / "power_more.csv"
ROWS = {row["id"]: row for row in csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines())}


def test_golden_power() -> None:
    given, expected = json.loads(ROWS["PWR-041"]["inputs_json"]), json.loads(ROWS["PWR-041"]["expected_json"])
    assert ks.power.chi_square(**given).power == pytest.approx(expected["power"], abs=1e-6)


def test_golden_sample_size() -> None:
    given, expected = json.loads(ROWS["PWR-042"]["inputs_json"]), json.loads(ROWS["PWR-042"]["expected_json"])
    plan = {"power": given["power"], "df": given["df"], "alpha": given["alpha"]}
    size = ks.power.sample_size("chi_square", w=given["w"], **plan)
    assert size.n == np.ceil(expected["n"])
    # n w**2 decides, so the detectable w at the whole n gives the broken n that the source prints.
    seen = ks.power.detectable("chi_square", n=121, **plan).value
    assert 121 * (seen / given["w"]) ** 2 == pytest.approx(expected["n"], abs=1e-3)
    fewer = ks.power.chi_square(df=given["df"], w=given["w"], n=size.n - 1, alpha=given["alpha"]).power
    assert fewer < given["power"] <= size.power


@pytest.mark.parametrize(
    ("x", "df", "ncp"),
    [(3.84, 1, 5), (50, 4, 2), (100, 4, 200), (0.5, 2, 3), (300, 7, 40), (1100, 1000, 60), (900, 2, 1), (1e-9, 3, 0)],
)
def test_upper_tail_by_its_series(x, df, ncp) -> None:
    with mp.workdps(40):
        h, a, m = mp.mpf(x) / 2, mp.mpf(df) / 2, mp.mpf(ncp) / 2
        total = mp.mpf(0)
        for j in range(900):
            term = mp.exp(-m) * m**j / mp.factorial(j) * mp.gammainc(a + j, h, mp.inf, regularized=True)
            total += term
            if j > m + h and term < total * mp.mpf(10) ** -25:
                break
        expected = float(total)
    assert noncentral_chi2.sf(x, df, ncp) == pytest.approx(expected, rel=1e-12)


def test_one_degree_is_a_two_sided_normal_test() -> None:
    w, n, alpha = 0.21, np.array([10, 200, 5000]), 0.01
    z = -special.ndtri(alpha / 2)
    expected = special.ndtr(w * np.sqrt(n) - z) + special.ndtr(-w * np.sqrt(n) - z)
    assert ks.power.chi_square(df=1, w=w, n=n, alpha=alpha).power == pytest.approx(expected, rel=1e-12)


def test_no_effect_leaves_the_level_and_detectable_inverts() -> None:
    df = np.array([1.0, 4.0, 60.0, 1000.0])
    assert ks.power.chi_square(df=df, w=0.0, n=50, alpha=1e-9).power == pytest.approx(1e-9, rel=1e-11)
    found = ks.power.detectable("chi_square", df=df, n=83, power=0.9)
    assert ks.power.chi_square(df=df, w=found.value, n=83).power == pytest.approx(0.9, rel=1e-11)
    sizes = ks.power.sample_size("chi_square", df=df, w=found.value, power=0.9).n
    assert np.all((sizes == 83) | (sizes == 84))


def test_what_has_no_answer() -> None:
    with pytest.raises(NoSolution, match="w is 0"):
        ks.power.sample_size("chi_square", df=1, w=0.0)
    with pytest.raises(NoSolution, match="needs no effect"):
        ks.power.detectable("chi_square", df=1, n=9, power=0.01)
    assert ks.power.sample_size("chi_square", df=1, w=0.1, power=0.01).n == 1
    for change, message in (({"df": 0.0}, "df is 0"), ({"w": -0.1}, "w is -0.1"), ({"n": 0}, "n is 0")):
        with pytest.raises(InvalidArgument, match=message):
            ks.power.chi_square(**{"df": 1, "w": 0.3, "n": 20, **change})
