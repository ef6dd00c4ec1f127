"""Make noncentral_t.csv, noncentral_f.csv and tost.csv: reference values by mpmath, by other routes than the package's.

The noncentral t and F come from their series of incomplete beta functions, with as many digits as cancellation eats;
the package integrates over the chi density instead, and sums only positive terms. The power of two one-sided tests
comes from adaptive quadrature at 40 digits. It takes half an hour; run it from anywhere:
``python tests/golden/make_noncentral.py``.
"""

from __future__ import annotations

import csv
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import stats

HERE = Path(__file__).parent


def beta_cdf(a, b, x, y):
    """Regularised incomplete beta I_x(a, b), and x**a y**b / (a B(a, b)), by a series of positive terms; y = 1 - x."""
    front = mp.exp(a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b))
    if x > y:
        return 1 - front / b * beta_series(b, a, y), front / a
    return front / a * beta_series(a, b, x), front / a


def beta_series(a, b, x):
    term, total, k = mp.mpf(1), mp.mpf(1), 0
    while term > total * mp.eps:
        term *= (a + b + k) * x / (a + 1 + k)
        total += term
        k += 1
    return total


def t_cdf(t, df, ncp):
    """P(T <= t), by the series for t > 0 and by reflection otherwise."""
    if t < 0:
        return 1 - t_cdf(-t, df, -ncp)
    half, b = ncp * ncp / 2, df / 2
    total = mp.ncdf(-ncp)
    if t == 0:
        return total
    x, y = t * t / (df + t * t), df / (df + t * t)
    even, step_even = beta_cdf(mp.mpf(1) / 2, b, x, y)
    odd, step_odd = beta_cdf(mp.mpf(1), b, x, y)
    p, q = mp.exp(-half), ncp * mp.exp(-half) / (mp.sqrt(2) * mp.gamma(mp.mpf(3) / 2))
    for j in range(int(half + 60 * mp.sqrt(half) + 60 + 3 * mp.mp.dps)):
        total += (p * even + q * odd) / 2
        # I(a + 1, b) = I(a, b) - x**a (1 - x)**b / (a B(a, b))
        even, odd = even - step_even, odd - step_odd
        step_even *= x * (j + mp.mpf(1) / 2 + b) / (j + mp.mpf(3) / 2)
        step_odd *= x * (j + 1 + b) / (j + 2)
        p, q = p * half / (j + 1), q * half / (j + mp.mpf(3) / 2)
    return total


def f_tails(f, df1, df2, ncp):
    """Both tails of the noncentral F, by the Poisson mixture."""
    a, b, half = df1 / 2, df2 / 2, ncp / 2
    x, y = df1 * f / (df1 * f + df2), df2 / (df1 * f + df2)
    value, step = beta_cdf(a, b, x, y)
    p, lower, weight = mp.exp(-half), mp.mpf(0), mp.mpf(0)
    for j in range(int(half + 60 * mp.sqrt(half) + 60 + 3 * mp.mp.dps)):
        lower += p * value
        weight += p
        value -= step
        step *= x * (a + j + b) / (a + j + 1)
        p *= half / (j + 1)
    return lower, weight - lower


def tost_power(low, high, df, critical):
    """Probability that both one-sided t tests reject, in units of the true standard error."""
    constant = 2 * (df / 2) ** (df / 2) / mp.gamma(df / 2)
    meet = (high - low) / (2 * critical)

    def integrand(s):
        density = constant * s ** (df - 1) * mp.exp(-df * s * s / 2)
        return density * (mp.ncdf(high - critical * s) - mp.ncdf(low + critical * s))

    width = 1 / mp.sqrt(2 * df)
    points = [1 + k * width for k in range(-40, 41)] + [width * k / 8 for k in range(17)]
    points += [meet * k / 16 for k in range(17)] + [meet * (1 - k / df / 2) for k in (1, 2, 5, 10, 20, 40)]
    bend = min(high, -low) / critical
    points += [bend + k / critical for k in (-8, -4, -2, 0, 2, 4, 8)]
    return mp.quad(integrand, sorted({p for p in points if 0 < p < meet} | {mp.mpf(0), meet}))


def student_isf(alpha, df, start):
    def excess(t):
        return mp.betainc(df / 2, 0.5, 0, df / (df + t * t), regularized=True) / 2 - alpha

    return mp.findroot(excess, start)


def exact(row):
    return [mp.mpf(float(value)) for value in row]


def write(name, header, rows):
    with (HERE / name).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            file.flush()


def t_rows(rng):
    for i in range(240):
        df = float(rng.choice([1, 1.5, 2, 3, 7.3])) if i < 60 else round(float(10 ** rng.uniform(0.3, 7)), 3)
        ncp = round(float(rng.uniform(-60, 60) * rng.choice([0.02, 0.1, 0.5, 1])), 4)
        spread = np.sqrt(1 + ncp**2 / (2 * df))
        t = ncp + rng.uniform(-25, 25) * spread if rng.random() < 0.75 else 5 * rng.standard_cauchy()
        t = round(float(t), 4)
        # A sum of terms of size one that cancels down to the tail: as many digits as it takes.
        for digits in (60, 160, 400):
            with mp.workdps(digits):
                lower = t_cdf(*exact((t, df, ncp)))
                upper = 1 - lower
                if min(lower, upper) > mp.mpf(10) ** (40 - digits):
                    yield [t, df, ncp, mp.nstr(mp.log(lower), 25), mp.nstr(mp.log(upper), 25)]
                    break


def f_rows(rng):
    for _ in range(150):
        df1 = float(rng.choice([1, 2, 3, 4, 7, 30]))
        df2 = round(float(10 ** rng.uniform(0, 5)), 2)
        ncp = round(float(10 ** rng.uniform(-2, 3)), 3)
        f = round(float((df1 + ncp) / df1 * 10 ** rng.uniform(-1, 1)), 4)
        with mp.workdps(250):
            lower, upper = f_tails(*exact((f, df1, df2, ncp)))
            if min(lower, upper) < mp.mpf(10) ** -150:
                continue
            yield [f, df1, df2, ncp, mp.nstr(mp.log(lower), 25), mp.nstr(mp.log(upper), 25)]


def tost_rows(rng):
    for i in range(120):
        df = round(float(10 ** rng.uniform(0, 4.5)), 2) if i > 10 else float(rng.choice([1, 2, 3]))
        half = 10 ** rng.uniform(-1, 1.2)
        shift = rng.uniform(-1.2, 1.2) * half * rng.choice([0, 1])
        low, high = (round(float(v), 5) for v in (-half * rng.choice([1, 0.6]) - shift, half - shift))
        alpha = float(rng.choice([0.05, 0.025, 0.005, 0.2]))
        with mp.workdps(40):
            critical = student_isf(mp.mpf(alpha), mp.mpf(df), stats.t.isf(alpha, df))
            power = tost_power(*exact((low, high, df)), critical)
            if power > mp.mpf(10) ** -40:
                yield [low, high, df, alpha, mp.nstr(power, 25)]


if __name__ == "__main__":
    write("noncentral_t.csv", ["t", "df", "ncp", "log_cdf", "log_sf"], t_rows(np.random.default_rng(1)))
    write("noncentral_f.csv", ["f", "df1", "df2", "ncp", "log_cdf", "log_sf"], f_rows(np.random.default_rng(2)))
    write("tost.csv", ["low", "high", "df", "alpha", "power"], tost_rows(np.random.default_rng(3)))
