"""What an article asserts, in a form that can be ruled on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import _validate
from .errors import InvalidArgument, InvalidType
from .regions import Region

__all__ = ["ESTIMANDS", "Claim"]

#: The estimands that a claim can be about, and how each is read.
ESTIMANDS = {
    "risk_difference": "difference of two proportions",
    "risk_ratio": "ratio of two proportions",
    "odds_ratio": "ratio of two odds",
    "mean_difference": "difference of two means, in the units of the scale",
    "smd": "standardised mean difference, in pooled standard deviations",
    "proportion": "one proportion",
}
_PERCENTAGE_POINTS = "Ten percentage points are 0.10."
_RATIO = "A ratio of 1 is no difference: within(1 / m, m) is symmetric."
#: The smallest and largest value of the estimands that have one, and what to do about a region beyond it.
_RANGES = {
    "risk_difference": (-1.0, 1.0, _PERCENTAGE_POINTS),
    "risk_ratio": (0.0, math.inf, _RATIO),
    "odds_ratio": (0.0, math.inf, _RATIO),
    "proportion": (0.0, 1.0, _PERCENTAGE_POINTS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement about an estimand: that it lies in a region of its scale.

    Parameters
    ----------
    estimand : str
        One of ``risk_difference``, ``risk_ratio``, ``odds_ratio``, ``mean_difference``, ``smd``, ``proportion``.
    region : Region
        Where the claim says that the true value lies; differences are group 1 minus group 2.
    text : str, optional
        The claim in words.
    where : str, optional
        Where it was printed.

    Raises
    ------
    InvalidArgument
        If the estimand is not known, or never has a value at an end of the region.

    Examples
    --------
    >>> import ketastats as ks
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10), text="response does not differ")
    >>> print(claim)
    response does not differ: risk_difference within -0.1 to 0.1
    """

    estimand: str
    region: Region
    text: str = ""
    where: str = ""

    def __post_init__(self) -> None:
        _validate.choice(self.estimand, "estimand", ESTIMANDS)
        if not isinstance(self.region, Region):
            raise InvalidType("region", self.region, "a Region", "Use ketastats.within, above or below.")
        low, high, remedy = _RANGES.get(self.estimand, (-math.inf, math.inf, ""))
        if any(math.isfinite(end) and not low <= end <= high for end in (self.region.low, self.region.high)):
            allowed = f"a region between {low:g} and {high:g}, where a {self.estimand} lies"
            raise InvalidArgument("region", str(self.region), allowed, remedy)
        for name in ("text", "where"):
            if not isinstance(getattr(self, name), str):
                raise InvalidType(name, getattr(self, name), "text")

    def __str__(self) -> str:
        statement = f"{self.estimand} {self.region}"
        return f"{self.text}: {statement}" if self.text else statement

    @property
    def ratio(self) -> bool:
        """Whether the estimand is a ratio, so that symmetry is meant on the log scale."""
        return self.estimand in ("risk_ratio", "odds_ratio")
