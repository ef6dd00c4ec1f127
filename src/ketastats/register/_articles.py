"""Records of what articles claim; they rule nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ..reported import Reported

__all__ = ["Article", "ArticleClaim", "Nearest", "Printed", "Said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Words or a number that an article prints.

    Parameters
    ----------
    text : str
        Exactly what is printed.
    what : str
        What it says.
    reading : Reported or None
        The number that the words stand for (``"more than double"`` is ``"> 2"``), where there is one.
    found_in : str
        Where the source has the number, as ``study`` (its number of participants) or ``study/figure``.

    Examples
    --------
    >>> from ketastats import Reported
    >>> from ketastats.register import Printed
    >>> Printed(text="more than double", what="risk ratio", reading=Reported("> 2")).reading.relation
    '>'
    """

    text: str
    what: str
    reading: Reported | None = None
    found_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The evidence of the register that lies nearest to a claim.

    Parameters
    ----------
    study : str
        Key of the study.
    says : str
        What it says on the claim, in one sentence.
    figures : tuple of str
        Its figures on it, as ``study/figure``.
    bears : str
        How it bears on the claim where numbers cannot say it: agrees, agrees in part, disagrees, other quantity.

    Examples
    --------
    >>> from ketastats.register import Nearest
    >>> Nearest(study="a-2020", says="Nothing.").figures
    ()
    """

    study: str
    says: str
    figures: tuple[str, ...] = ()
    bears: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an article says of a source that it cites; empty where it says nothing.

    Parameters
    ----------
    journal, design : str
        Journal and kind of study.
    year : int or None
        Year of publication.
    population : tuple of str
        Whom it studied, in the words of the register.

    Examples
    --------
    >>> from ketastats.register import Said
    >>> Said(journal="JAMA Psychiatry").design
    ''
    """

    journal: str = ""
    design: str = ""
    year: int | None = None
    population: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleClaim:
    """What an article claims, in our words; the record rules nothing.

    Parameters
    ----------
    id : str
        Code of the article and running number, such as ``"A1.4"``.
    article : str
        Key of the article.
    kind : str
        One of null, quantity, direction, citation and open.
    text, where : str
        The claim in our words and its place.
    paragraph : int or None
        Paragraph below the title, where it was recorded.
    printed : tuple of Printed
        The words and numbers printed with it.
    estimand : str
        Scale of the claim, where it has one.
    studies, outcomes, figures : tuple of str
        What it rests on, as ``study``, ``study/outcome`` and ``study/figure``.
    margins : tuple of str
        Keys of the margins that fit it.
    parts : tuple of str
        The claims that it asserts together.
    cites, cited_as : str
        Key of the study that it cites, and how the article identifies it.
    candidates : tuple of str
        Keys of all studies that could be meant.
    said : Said or None
        What the article says of that study.
    reason : str
        Why nothing can be recomputed, where that is so.
    nearest : tuple of Nearest
        The nearest evidence.

    Examples
    --------
    >>> from ketastats.register import ArticleClaim
    >>> ArticleClaim(id="A9.1", article="an-article", kind="open", text="It helps.", where="paragraph 1").printed
    ()
    """

    id: str
    article: str
    kind: str
    text: str
    where: str
    paragraph: int | None = None
    printed: tuple[Printed, ...] = ()
    estimand: str = ""
    studies: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    cites: str = ""
    cited_as: str = ""
    candidates: tuple[str, ...] = ()
    said: Said | None = None
    reason: str = ""
    nearest: tuple[Nearest, ...] = ()

    @property
    def name(self) -> str:
        """The id."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article and its claims.

    Parameters
    ----------
    key, code : str
        Name in the register and the letter and number that open the ids of its claims.
    about, title : str
        What it is, and its title where it was recorded.
    reports : tuple of str
        Keys of the studies that it reports or cites.
    claims : tuple of ArticleClaim
        Its claims, in the order of the text.

    Examples
    --------
    >>> from ketastats.register import Article
    >>> Article(key="an-article", code="A9", about="An example.").claims
    ()
    """

    key: str
    code: str
    about: str
    title: str = ""
    reports: tuple[str, ...] = ()
    claims: tuple[ArticleClaim, ...] = ()

    @property
    def name(self) -> str:
        """The key."""
        return self.key
