"""Records of what sources print: studies, their outcomes and figures, and margins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..reported import Reported
from ._find import find

__all__ = ["Figure", "Margin", "Outcome", "Study"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sourced:
    """What every recorded number carries."""

    where: str
    source: str
    status: str
    sure: str
    derivation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(_Sourced):
    """A comparison of two groups that a source reports by its p-value.

    Parameters
    ----------
    where, source, status, sure : str
        Place within the source, the source, how the number came to us and how sure it is.
    derivation, note : str
        Arithmetic behind a derived number, and what else must be known.
    name : str
        Name within the study.
    p : Reported
        The p-value as printed.
    about, scale : str
        What is compared, and the instrument.
    n : int or None
        How many people both groups hold together, as far as the source says.
    test, test_said : str
        The test in this package's words, and as the source calls it.
    nested_in : str
        The outcome that everybody with this one also has (remitters are responders), or empty.

    Examples
    --------
    >>> from ketastats import Reported
    >>> from ketastats.register import Outcome
    >>> response = Outcome(name="response", p=Reported("0.230"), n=83, where="paragraph 3", source="an article",
    ...                    status="secondary", sure="medium")
    >>> response.n, response.p.text
    (83, '0.230')
    """

    name: str
    p: Reported
    about: str = ""
    scale: str = ""
    n: int | None = None
    test: str = "unknown"
    test_said: str = ""
    nested_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(_Sourced):
    """A number that a source prints, with the interval, spread and p-value that belong to it.

    Parameters
    ----------
    where, source, status, sure : str
        Place within the source, the source, how the number came to us and how sure it is.
    derivation, note : str
        Arithmetic behind a derived number, and what else must be known.
    name, unit : str
        Name within the study, and the unit of the number.
    value : Reported
        The number as printed.
    about : str
        What the number says.
    low, high : Reported or None
        Printed interval; both or neither.
    level : Reported or None
        Printed level of the interval; None where the source at hand does not state it.
    n : int or None
        How many people it rests on.
    sd, plus_minus, p, df1, df2 : Reported or None
        Standard deviation, number after a plus-minus sign, p-value and degrees of freedom as printed.

    Examples
    --------
    >>> from ketastats import Reported
    >>> from ketastats.register import Figure
    >>> odds_ratio = Figure(name="depression", unit="odds_ratio", value=Reported("2.03"), low=Reported("1.37"),
    ...                     high=Reported("3.01"), level=Reported("95%"), where="abstract", source="a review",
    ...                     status="direct", sure="high")
    >>> odds_ratio.low.value < 2
    True
    """

    name: str
    unit: str
    value: Reported
    about: str = ""
    low: Reported | None = None
    high: Reported | None = None
    level: Reported | None = None
    n: int | None = None
    sd: Reported | None = None
    plus_minus: Reported | None = None
    p: Reported | None = None
    df1: Reported | None = None
    df2: Reported | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study(_Sourced):
    """A study: its citation, its design, and the numbers that were seen.

    Parameters
    ----------
    where, source, status, sure : str
        The same for citation, design and number of participants.
    derivation, note : str
        Arithmetic behind a derived number, and what else must be known.
    key : str
        Name in the register; also the name of the file.
    finding : str
        What was found, in our words.
    authors, title, journal, volume, issue, pages, doi, pubmed, pmc : str
        Citation, as far as it is known; empty where it is not.
    year : int or None
        Year of publication.
    design : str
        Design, in the words of the register.
    population : tuple of str
        Who was selected, in the words of the register.
    n : int or None
        Number of participants.
    exposure, treatment, scale : str
        What was studied.
    not_found : tuple of str
        What was looked for and not seen, which does not mean that it is absent.
    outcomes : tuple of Outcome
        Comparisons reported by p-value.
    figures : tuple of Figure
        Other numbers.

    Examples
    --------
    >>> from ketastats.register import Study
    >>> Study(key="a-2020", finding="None.", where="abstract", source="a", status="direct", sure="high").figure("x")
    Traceback (most recent call last):
    ...
    ketastats.errors.InvalidArgument: figure is 'x'; allowed: one of nothing, none is recorded.
    """

    key: str
    finding: str
    authors: str = ""
    title: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pubmed: str = ""
    pmc: str = ""
    year: int | None = None
    design: str = ""
    population: tuple[str, ...] = ()
    n: int | None = None
    exposure: str = ""
    treatment: str = ""
    scale: str = ""
    not_found: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    def outcome(self, name: str) -> Outcome:
        """Return the outcome of that name.

        Parameters
        ----------
        name : str
            Its name within the study.

        Returns
        -------
        Outcome
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.outcomes, name, "outcome")

    def figure(self, name: str) -> Figure:
        """Return the figure of that name.

        Parameters
        ----------
        name : str
            Its name within the study.

        Returns
        -------
        Figure
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.figures, name, "figure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin(_Sourced):
    """A margin that somebody has proposed: the largest difference that would still count as none.

    Parameters
    ----------
    where, source, status, sure : str
        Place within the source, the source, how the number came to us and how sure it is.
    derivation, note : str
        Arithmetic behind a derived number, and what else must be known.
    key, scale, unit : str
        Name in the register, scale of the difference and unit of the printed value.
    value : Reported
        The margin as printed or derived, always positive.
    study, about : str
        Key of the study it comes from, and what it stands for.
    figures : tuple of str
        The figures it rests on, as ``study/figure``.

    Examples
    --------
    >>> from ketastats import Reported
    >>> from ketastats.register import Margin
    >>> margin = Margin(key="ten", scale="risk_difference", unit="percentage_points", value=Reported("10"),
    ...                 study="a-2020", where="abstract", source="a", status="direct", sure="high")
    >>> margin.size
    Decimal('0.10')
    """

    key: str
    scale: str
    unit: str
    value: Reported
    study: str
    about: str = ""
    figures: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The key."""
        return self.key

    @property
    def size(self) -> Decimal:
        """The margin on its scale, exactly: percentage points become a proportion."""
        return self.value.value.scaleb(-2) if self.unit == "percentage_points" else self.value.value
