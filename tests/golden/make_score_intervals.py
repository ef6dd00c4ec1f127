"""Make score_intervals.csv: score intervals of the risk difference by bisection at 50 digits.

Nothing here is shared with the library: the restricted maximum of the likelihood is found by bisecting its slope,
and the ends of the interval by bisecting the statistic. Run it from anywhere: it takes a few minutes.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

import mpmath

STEPS = 120


def restricted(x1: int, n1: int, x2: int, n2: int, d: mpmath.mpf) -> mpmath.mpf:
    """Return p2 at the maximum of the likelihood where p1 = p2 + d."""
    low, high = max(mpmath.mpf(0), -d), min(mpmath.mpf(1), 1 - d)
    for _ in range(STEPS):
        p = (low + high) / 2
        slope = mpmath.mpf(0)
        slope += x1 / (p + d) if x1 else 0
        slope -= (n1 - x1) / (1 - p - d) if x1 < n1 else 0
        slope += x2 / p if x2 else 0
        slope -= (n2 - x2) / (1 - p) if x2 < n2 else 0
        low, high = (p, high) if slope > 0 else (low, p)
    return (low + high) / 2


def statistic(x1: int, n1: int, x2: int, n2: int, d: mpmath.mpf, corrected: bool) -> mpmath.mpf:
    """Return the score statistic at the null d."""
    p2 = restricted(x1, n1, x2, n2, d)
    p1 = p2 + d
    variance = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2
    if corrected:
        variance *= mpmath.mpf(n1 + n2) / (n1 + n2 - 1)
    return (mpmath.mpf(x1) / n1 - mpmath.mpf(x2) / n2 - d) / mpmath.sqrt(variance)


def upper(table: tuple[int, int, int, int], z: mpmath.mpf, corrected: bool) -> mpmath.mpf:
    """Return the upper end: where the statistic is -z."""
    x1, n1, x2, n2 = table
    low, high = mpmath.mpf(x1) / n1 - mpmath.mpf(x2) / n2, mpmath.mpf(1)
    if low == 1:
        return high
    for _ in range(64):
        middle = (low + high) / 2
        low, high = (middle, high) if statistic(x1, n1, x2, n2, middle, corrected) > -z else (low, middle)
    return (low + high) / 2


def tables() -> list[tuple[int, int, int, int]]:
    """Return the tables of the file: known hard ones, all of 1 to 2 per arm, and random ones of all sizes."""
    found = [
        (56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (0, 10, 0, 10), (10, 10, 0, 20),
        (10, 10, 0, 10), (0, 41, 0, 42), (0, 16, 15, 72), (7, 34, 1, 34), (7, 37, 14, 46), (20, 101, 10, 105),
        (1, 10**6, 0, 10**6), (999_999, 10**6, 10**6, 10**6), (500_000, 10**6, 3, 7), (0, 10**6, 10**6, 10**6),
    ]  # fmt: skip
    found += [(a, n, b, m) for n in (1, 2) for m in (1, 2) for a in range(n + 1) for b in range(m + 1)]
    draw = random.Random(20251121)
    for largest in (12,) * 50 + (100,) * 40 + (5000,) * 20 + (10**6,) * 10:
        n1, n2 = draw.randint(1, largest), draw.randint(1, largest)
        found.append((draw.randint(0, n1), n1, draw.randint(0, n2), n2))
    return found


def main() -> None:
    """Write the file beside this script."""
    mpmath.mp.dps = 50
    normal = {level: mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(level) / 100) for level in ("90", "99")}
    names = [f"{m}{level}_{side}" for m in ("mn", "mee") for level in normal for side in ("low", "high")]
    with (Path(__file__).parent / "score_intervals.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["x1", "n1", "x2", "n2", *names])
        for table in tables():
            x1, n1, x2, n2 = table
            ends = []
            for corrected in (True, False):
                for z in normal.values():
                    ends += [-upper((x2, n2, x1, n1), z, corrected), upper(table, z, corrected)]
            writer.writerow([*table, *(mpmath.nstr(end, 20) for end in ends)])


if __name__ == "__main__":
    main()
