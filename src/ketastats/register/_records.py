"""The register: articles, studies and margins, found by name."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidArgument
from ._articles import Article, ArticleClaim
from ._find import find
from ._studies import Figure, Margin, Outcome, Study

__all__ = ["Register"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All articles, studies and margins of a register without faults.

    Parameters
    ----------
    articles : tuple of Article
        In the order of their codes.
    studies : tuple of Study
        In the order of their keys.
    margins : tuple of Margin
        In the order of the file.

    Examples
    --------
    >>> from ketastats.register import Register
    >>> Register(articles=(), studies=(), margins=()).claims
    ()
    """

    articles: tuple[Article, ...]
    studies: tuple[Study, ...]
    margins: tuple[Margin, ...]

    @property
    def claims(self) -> tuple[ArticleClaim, ...]:
        """Every claim of every article."""
        return tuple(claim for article in self.articles for claim in article.claims)

    def article(self, key: str) -> Article:
        """Return the article of that key.

        Parameters
        ----------
        key : str
            Its key, such as ``trauma-link``.

        Returns
        -------
        Article
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.articles, key, "article")

    def study(self, key: str) -> Study:
        """Return the study of that key.

        Parameters
        ----------
        key : str
            Its key, such as ``johnson-2025``.

        Returns
        -------
        Study
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.studies, key, "study")

    def margin(self, key: str) -> Margin:
        """Return the margin of that key.

        Parameters
        ----------
        key : str
            Its key, such as ``elekt-d-10``.

        Returns
        -------
        Margin
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.margins, key, "margin")

    def claim(self, key: str) -> ArticleClaim:
        """Return the claim of that id.

        Parameters
        ----------
        key : str
            Its id, such as ``A1.4``.

        Returns
        -------
        ArticleClaim
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        return find(self.claims, key, "claim")

    def outcome(self, reference: str) -> Outcome:
        """Return the outcome that ``study/outcome`` names.

        Parameters
        ----------
        reference : str
            Such as ``johnson-2025/response``.

        Returns
        -------
        Outcome
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        study, name = _split(reference)
        return self.study(study).outcome(name)

    def figure(self, reference: str) -> Figure:
        """Return the figure that ``study/figure`` names.

        Parameters
        ----------
        reference : str
            Such as ``li-2016/depression``.

        Returns
        -------
        Figure
            The record.

        Raises
        ------
        InvalidArgument
            If there is none; the message names what there is.
        """
        study, name = _split(reference)
        return self.study(study).figure(name)


def _split(reference: str) -> tuple[str, str]:
    study, slash, name = str(reference).partition("/")
    if not slash:
        raise InvalidArgument("reference", reference, "a study and a name with a slash between them")
    return study, name
