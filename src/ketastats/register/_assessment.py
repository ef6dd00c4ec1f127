"""What becomes of a claim when it is held against the register."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ..verdict import Ruling
from ._articles import ArticleClaim

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_RULING", "OUTCOMES", "SOURCE_AGREES", "SOURCE_DIFFERS", "Assessment", "Check"]

SOURCE_AGREES, SOURCE_DIFFERS, NO_RULING = "source agrees", "source differs", "no ruling"
#: Everything that can become of a claim.
OUTCOMES = (*map(str, Ruling), SOURCE_AGREES, SOURCE_DIFFERS, NO_RULING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that a claim was held against.

    Parameters
    ----------
    role : str
        ``own numbers`` of the study that is reported, its ``source``, or the ``nearest evidence``.
    reference : str
        What it was held against: ``study``, ``study/outcome`` or ``study/figure``.
    label : str
        The study as texts cite it.
    printed : str
        What stands there, as printed.
    against : str
        The claim as a region of an estimand, or what the article says of the source; empty where nothing was held.
    margin : str
        Key of the margin, if the region is one.
    ruling : str
        A ruling, ``agrees`` or ``differs``; empty where none is possible.
    because : str
        The reason of the ruling, or of its absence.
    threshold : tuple of float
        Smallest and largest threshold margin of the verdict; empty without one.
    decides : tuple of str
        What decides, when it depends.
    assumes : tuple of str
        What was assumed.
    says : str
        What the register says of it, in one sentence.

    Examples
    --------
    >>> from ketastats.register import Check
    >>> Check(role="source", reference="a-2020", label="A 2020", printed="2006", against="2012", ruling="differs",
    ...       because="year").margin
    ''
    """

    role: str
    reference: str
    label: str
    printed: str
    against: str = ""
    margin: str = ""
    ruling: str = ""
    because: str = ""
    threshold: tuple[float, ...] = ()
    decides: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What becomes of a claim: a ruling, what its source says instead, or why neither is possible.

    Parameters
    ----------
    claim : ArticleClaim
        The claim.
    outcome : str
        A ruling (established, refuted, not established, depends, impossible), ``source agrees``, ``source differs``
        or ``no ruling``.
    because : str
        The reason, in a sentence or two.
    lacks : tuple of str
        ``no number`` and ``no source``, as far as the article prints neither; a ruling is possible all the same where
        other sources have the number.
    decides : tuple of str
        What decides, when the ruling depends; the fields that differ, when the source does.
    checks : tuple of Check
        Everything that the claim was held against.

    Examples
    --------
    >>> from ketastats.register import ArticleClaim, Assessment
    >>> claim = ArticleClaim(id="A9.1", article="an-article", kind="open", text="It helps.", where="paragraph 1")
    >>> Assessment(claim=claim, outcome="no ruling", because="No number.", lacks=("no number",)).decides
    ()
    """

    claim: ArticleClaim
    outcome: str
    because: str
    lacks: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return everything that the claim was held against as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            One row per check; columns ``claim``, ``outcome`` and the fields of `Check`.
        """
        import pandas as pd

        names = [field.name for field in fields(Check)]
        rows = [(self.claim.id, self.outcome, *(getattr(check, name) for name in names)) for check in self.checks]
        return pd.DataFrame(rows, columns=["claim", "outcome", *names])

    def summary(self) -> str:
        """Return the assessment as plain text.

        Returns
        -------
        str
            Claim, outcome, reason, and one line for each check.
        """
        lines = [f"{self.claim.id}: {self.claim.text}", f"Outcome: {self.outcome}", f"Because: {self.because}"]
        if self.lacks:
            lines.append("Lacks: " + ", ".join(self.lacks))
        if self.decides:
            lines.append("What decides: " + ", ".join(self.decides))
        for check in self.checks:
            held = f" against {check.against}: {check.ruling or 'no ruling'}" if check.against else ""
            lines.append(f"  {check.role}, {check.label} ({check.reference}): {check.printed}{held}. {check.because}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.summary())}</pre>"
