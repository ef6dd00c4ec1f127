"""Every confusion matrix that would print the reported scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import InvalidArgument
from ...numerics import table_measures
from .._listed import ListedSet
from .._sizes import IntArray
from .._words import DEFAULT_BUDGET, counted
from .compatible import CompatibleTables
from .find import find_tables
from .read import in_order, remembers_order
from .tables import Printed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CompatibleConfusions", "confusion"]

#: What each word means of the 2x2 table whose first group has the condition, and whose event is a positive test.
_WORDS = {
    "tp": "x1",
    "fp": "x2",
    "fn": "y1",
    "tn": "y2",
    "predicted": "events",
    "sensitivity": "rate1",
    "mcc": "phi",
    "youden": "risk_difference",
    "positive_likelihood_ratio": "risk_ratio",
}
_SCORES = (
    "sensitivity",
    "specificity",
    "ppv",
    "npv",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "fowlkes_mallows",
    "mcc",
    "youden",
    "odds_ratio",
    "positive_likelihood_ratio",
    "negative_likelihood_ratio",
    "prevalence",
)
_SHOWN = _SCORES[:7]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompatibleConfusions(ListedSet):
    """All confusion matrices that would print the reported scores.

    Parameters
    ----------
    tables : CompatibleTables
        The same as 2x2 tables: group 1 are the people with the condition, and the event is a positive test.

    Examples
    --------
    >>> import ketastats as ks
    >>> found = ks.reconstruct.confusion(n=83, sensitivity="80.0%", specificity="70.7%")
    >>> found.to_frame()[["tp", "fn", "fp", "tn"]]
       tp  fn  fp  tn
    0  20   5  17  41
    """

    tables: CompatibleTables

    def __len__(self) -> int:
        return len(self.tables)

    @property
    def exhaustive(self) -> bool:  # type: ignore[override]
        """Whether the set holds every matrix that would print so: always True."""
        return self.tables.exhaustive

    @property
    def assumptions(self) -> tuple[str, ...]:  # type: ignore[override]
        """What was assumed, one sentence each."""
        people = "every person has the condition or not, and is positive or not"
        return tuple(people if "two groups" in sentence else sentence for sentence in self.tables.assumptions)

    @property
    def emptied_by(self) -> str:  # type: ignore[override]
        """The first score, in the order given, with which nothing is left; empty text when something is."""
        return self.tables.emptied_by

    @property
    def tp(self) -> IntArray:
        """True positives."""
        return self.tables.x1

    @property
    def fn(self) -> IntArray:
        """False negatives."""
        return self.tables.n1 - self.tables.x1

    @property
    def fp(self) -> IntArray:
        """False positives."""
        return self.tables.x2

    @property
    def tn(self) -> IntArray:
        """True negatives."""
        return self.tables.n2 - self.tables.x2

    @property
    def identifiability(self) -> str:
        """How many matrices remain, and how many people with the condition they have."""
        printed = ", ".join(f"{name} {text}" for name, text in self.tables.printed.items() if name != "sizes")
        people = self.tables.printed["sizes"].removesuffix(", unknown split")
        if not self:
            searched = counted(self.tables.possible, "matrix").replace("matrixs", "matrices")
            return (
                f"No confusion matrix with {people}, {printed} exists: {self.emptied_by} leaves nothing of {searched}."
            )
        number = "1 confusion matrix" if len(self) == 1 else f"{len(self):,} confusion matrices"
        low, high = int(self.tables.n1.min()), int(self.tables.n1.max())
        ill = f"{low}" if low == high else f"{low} to {high}"
        return f"{number} with {people}, {printed}, with {ill} people who have the condition."

    def to_frame(self) -> pd.DataFrame:
        """Return the matrices as a tidy data frame.

        Returns
        -------
        pandas.DataFrame
            Columns tp, fn, fp, tn, sensitivity, specificity, ppv, npv, accuracy, balanced_accuracy, f1; a score that is
            0/0 is missing.
        """
        return self._frame(slice(None))

    def _frame(self, at: Any) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame({name: self._column(name)[at] for name in ("tp", "fn", "fp", "tn", *_SHOWN)})

    def _column(self, name: str) -> Any:
        tables = self.tables
        counts = {"tp": self.tp, "fn": self.fn, "fp": self.fp, "tn": self.tn, "positives": tables.n1}
        counts |= {"negatives": tables.n2, "predicted": tables.x1 + tables.x2, "n": tables.n1 + tables.n2}
        if name in counts:
            return counts[name]
        if name not in _SCORES:
            raise InvalidArgument("name", name, "one of " + ", ".join((*counts, *_SCORES)))
        columns = (tables.x1, tables.n1, tables.x2, tables.n2)
        return np.asarray(table_measures.value(_WORDS.get(name, name), *columns))


@remembers_order
def confusion(
    *,
    n: object = None,
    positives: object = None,
    negatives: object = None,
    tp: object = None,
    fn: object = None,
    fp: object = None,
    tn: object = None,
    predicted: object = None,
    sensitivity: Printed | None = None,
    specificity: Printed | None = None,
    ppv: Printed | None = None,
    npv: Printed | None = None,
    accuracy: Printed | None = None,
    balanced_accuracy: Printed | None = None,
    f1: Printed | None = None,
    fowlkes_mallows: Printed | None = None,
    mcc: Printed | None = None,
    youden: Printed | None = None,
    odds_ratio: Printed | None = None,
    positive_likelihood_ratio: Printed | None = None,
    negative_likelihood_ratio: Printed | None = None,
    prevalence: Printed | None = None,
    rounding: str | Sequence[str] = "half",
    budget: int = DEFAULT_BUDGET,
    progress: bool = False,
) -> CompatibleConfusions:
    """Return every confusion matrix that would print the reported scores.

    The same search as `tables`, in the words of diagnostic tests and classifiers. Scores are given as there: text, a
    `Reported`, or a mapping with ``value`` and ``rounding`` (for sensitivity, specificity, predictive values, accuracy,
    prevalence, Youden's index, the odds ratio and the positive likelihood ratio also ``ci``, ``level`` and ``method``).

    Parameters
    ----------
    n : int or range, optional
        All people.
    positives, negatives : int or range, optional
        People with and without the condition.
    tp, fn, fp, tn : int or range, optional
        True positives, false negatives, false positives, true negatives.
    predicted : int or range, optional
        People whose test is positive, rightly or not.
    sensitivity, specificity : str, Reported or mapping, optional
        Shares tp / positives (recall) and tn / negatives.
    ppv, npv : str, Reported or mapping, optional
        Positive (precision) and negative predictive value.
    accuracy, balanced_accuracy : str, Reported or mapping, optional
        Share of right answers; mean of sensitivity and specificity.
    f1, fowlkes_mallows : str, Reported or mapping, optional
        Harmonic and geometric mean of sensitivity and positive predictive value.
    mcc, youden : str, Reported or mapping, optional
        Matthews' correlation (phi); sensitivity + specificity - 1.
    odds_ratio, positive_likelihood_ratio, negative_likelihood_ratio : str, Reported or mapping, optional
        Diagnostic odds ratio; sensitivity / (1 - specificity); (1 - sensitivity) / specificity.
    prevalence : str, Reported or mapping, optional
        Share positives / n.
    rounding : str or sequence of str
        How the digits were cut, or several ways that are possible for each number; see `Rounding`.
    budget : int
        Most matrices to return. Searches that must try every matrix may try fifty times as many.
    progress : bool
        Whether to show a progress bar on standard error.

    Returns
    -------
    CompatibleConfusions
        All of them; empty (and false) when nothing prints so.

    Raises
    ------
    InvalidArgument, InvalidType
        If an argument cannot be used.
    BudgetExceeded
        If there are more matrices than `budget`.

    References
    ----------
    .. [1] Kovács G, Fazekas A (2023). Checking the internal consistency of reported performance scores in binary
       classification. arXiv:2310.12527. doi:10.48550/arXiv.2310.12527

    Examples
    --------
    >>> import ketastats as ks
    >>> scores = {"accuracy": "0.9567", "sensitivity": "0.8545", "specificity": "0.9734"}
    >>> ks.reconstruct.confusion(positives=100, negatives=200, **scores).emptied_by
    'sensitivity'
    """
    given = {
        "tp": tp,
        "fn": fn,
        "fp": fp,
        "tn": tn,
        "predicted": predicted,
        "sensitivity": sensitivity,
        "specificity": specificity,
        "ppv": ppv,
        "npv": npv,
        "accuracy": accuracy,
        "balanced_accuracy": balanced_accuracy,
        "f1": f1,
        "fowlkes_mallows": fowlkes_mallows,
        "mcc": mcc,
        "youden": youden,
        "odds_ratio": odds_ratio,
        "positive_likelihood_ratio": positive_likelihood_ratio,
        "negative_likelihood_ratio": negative_likelihood_ratio,
        "prevalence": prevalence,
    }
    ordered = in_order(given)
    if not ordered:
        raise InvalidArgument("sensitivity", None, "a printed score", "Give one score or count at least.")
    try:
        found = find_tables(
            ordered,
            (n, positives, negatives),
            test=None,
            rounding=rounding,
            budget=budget,
            progress=progress,
            aliases=_WORDS,
            labelled=True,
        )
    except InvalidArgument as error:
        words = (_in_these_words(part) for part in (error.allowed, error.remedy))
        raise InvalidArgument(_in_these_words(error.argument), error.value, *words) from None
    return CompatibleConfusions(tables=found)


def _in_these_words(text: str) -> str:
    """Return a message about groups of a table as one about people with and without the condition."""
    return re.sub(r"\bn1\b", "positives", re.sub(r"\bn2\b", "negatives", text))
