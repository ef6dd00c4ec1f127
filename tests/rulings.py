"""The definition of a ruling, for one interval at a time; shared by the tests of rulings."""

from __future__ import annotations

import math

import ketastats as ks

RD = "risk_difference"


def claim(region: ks.Region, estimand: str = RD, text: str = "") -> ks.Claim:
    return ks.Claim(estimand=estimand, region=region, text=text)


def word(low: float, high: float, region: ks.Region) -> str:
    """The definition, for one interval and a region between two ends or its complement."""
    inside = (low > region.low or region.low == -math.inf) and (high < region.high or region.high == math.inf)
    outside = low > region.high or high < region.low
    if not region.inside:
        inside, outside = outside, inside
    return "established" if inside else "refuted" if outside else "not established"


def together(parts: list[str]) -> str:
    """Several claims at once: all must be established, and one refuted refutes."""
    if "refuted" in parts:
        return "refuted"
    return "established" if set(parts) == {"established"} else "not established"
