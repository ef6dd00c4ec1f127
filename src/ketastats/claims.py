"""What an article asserts, in a form that can be ruled on."""

from __future__ import annotations

from dataclasses import dataclass

from . import _validate
from .errors import InvalidType
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
        If the estimand is not known.

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
