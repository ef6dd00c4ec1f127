"""What a ruling says, and what it stands on."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from ..claims import Claim
from ..errors import NoSolution

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ruling", "Verdict"]


class Ruling(StrEnum):
    """What the compatible data sets say about a claim.

    ``ESTABLISHED``: in every data set the interval lies inside the claimed region. ``REFUTED``: in every one it lies
    wholly outside. ``NOT_ESTABLISHED``: in every one it does neither, which is absence of evidence.
    ``DEPENDS``: data sets that print the same digits disagree. ``IMPOSSIBLE``: no data set prints these digits.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.Ruling.NOT_ESTABLISHED)
    not established
    """

    ESTABLISHED = "established"
    REFUTED = "refuted"
    NOT_ESTABLISHED = "not established"
    DEPENDS = "depends"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A ruling on a claim, with its reason and the results behind it.

    Parameters
    ----------
    claim : Claim or mapping of Claim
        What was asserted; several claims together are ruled by intersection-union.
    ruling : Ruling
        The ruling.
    because : str
        The reason, in one sentence.
    decides : tuple of str
        When the ruling depends: the unreported details that decide it.
    members : dict of ndarray
        One entry per data set: what identifies it, its interval, its threshold margin and its own ruling.
    thresholds : dict
        For each estimand, the smallest and largest threshold margin over the data sets. A threshold margin is the
        smallest symmetric margin at which a data set would establish equivalence.
    parts : dict of Verdict
        For several claims, the verdict on each alone, by name.
    alpha : float
        One-sided level: the interval has level ``1 - 2 alpha``.
    exhaustive : bool
        Whether the ruling holds for every data set that prints so.
    assumptions : tuple of str
        What the compatible set assumes.
    method : str
        How the interval was made.
    references : tuple of str
        Where the method was published.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.tables(n=83, p="0.230", test="pearson")
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.10))
    >>> verdict = ks.judge(claim, found)
    >>> print(verdict.ruling)
    not established
    """

    claim: Claim | Mapping[str, Claim]
    ruling: Ruling
    because: str
    decides: tuple[str, ...]
    members: dict[str, Any]
    thresholds: dict[str, tuple[float, float]]
    parts: dict[str, Verdict]
    alpha: float
    exhaustive: bool
    assumptions: tuple[str, ...]
    method: str
    references: tuple[str, ...]

    def __len__(self) -> int:
        return int(np.size(self.members["ruling"]))

    @property
    def threshold_margin(self) -> tuple[float, float]:
        """Smallest and largest threshold margin over the data sets, where all claims share one scale.

        Raises
        ------
        NoSolution
            If there is no data set, or the claims have different scales; then see `thresholds` of the parts.
        """
        if len(self.thresholds) == 1:
            return next(iter(self.thresholds.values()))
        why = "no data set is compatible" if not len(self) else "the claims have different scales; see `parts`"
        raise NoSolution(f"there is no single threshold margin: {why}")

    def to_frame(self) -> pd.DataFrame:
        """Return the results behind the ruling as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per compatible data set.
        """
        import pandas as pd

        return pd.DataFrame({name: np.asarray(column) for name, column in self.members.items()})

    def summary(self) -> str:
        """Return the verdict as a few lines of plain text.

        Returns
        -------
        str
            Claim, ruling, reason, threshold margin, what decides, and the assumptions.
        """
        lines = [f"Claim: {text}" for text in _claims(self.claim)]
        lines += [f"Ruling: {self.ruling}", f"Because: {self.because}"]
        for estimand, (low, high) in self.thresholds.items():
            lines.append(f"Threshold margin: {_span(low, high)} ({estimand}, at one-sided alpha {self.alpha:g})")
        if self.decides:
            lines.append("What decides: " + ", ".join(self.decides))
        lines += [f"  {name}: {part.ruling}; {part.because}" for name, part in self.parts.items()]
        lines.append(f"Method: {self.method}")
        if self.assumptions:
            lines += ["Assumes:", *(f"  - {sentence}" for sentence in self.assumptions)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [("Claim", text) for text in _claims(self.claim)]
        rows += [("Ruling", str(self.ruling)), ("Because", self.because)]
        for estimand, (low, high) in self.thresholds.items():
            rows.append((f"Threshold margin ({estimand})", _span(low, high)))
        if self.decides:
            rows.append(("What decides", ", ".join(self.decides)))
        rows += [(name, f"{part.ruling}; {part.because}") for name, part in self.parts.items()]
        rows += [("Method", self.method), ("Assumes", "; ".join(self.assumptions))]
        cells = "".join(f"<tr><th>{html.escape(head)}</th><td>{html.escape(text)}</td></tr>" for head, text in rows)
        return f"<table>{cells}</table>"


def _claims(claim: Claim | Mapping[str, Claim]) -> list[str]:
    if isinstance(claim, Claim):
        return [str(claim)]
    same: dict[Claim, list[str]] = {}
    for name, part in claim.items():
        same.setdefault(part, []).append(name)
    return [f"{', '.join(names)}: {part}" for part, names in same.items()]


def _span(low: float, high: float) -> str:
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
