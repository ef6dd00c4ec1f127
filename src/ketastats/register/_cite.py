"""What an article says of a source beside what the source says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InvalidType
from ._articles import ArticleClaim
from ._studies import Study
from ._words import DESIGN_COVERS

__all__ = ["Mismatch", "compare_citation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A field in which an article misquotes a source.

    Parameters
    ----------
    field : str
        One of journal, year, design and population.
    article_says, source_says : str
        The two texts.

    Examples
    --------
    >>> from ketastats.register import Mismatch
    >>> print(Mismatch(field="year", article_says="2012", source_says="2006"))
    year: the article says 2012, the source 2006
    """

    field: str
    article_says: str
    source_says: str

    def __str__(self) -> str:
        return f"{self.field}: the article says {self.article_says}, the source {self.source_says}"


def compare_citation(claim: ArticleClaim, study: Study) -> tuple[Mismatch, ...]:
    """Return the fields in which a claim and a study differ.

    Fields on which either is silent are passed over. A broad word for a design covers the narrower ones, so that
    whoever calls a meta-analysis a review or a study has not misquoted it; who is studied must be among those whom
    the source selected.

    Parameters
    ----------
    claim : ArticleClaim
        A claim that says something of a source.
    study : Study
        The source.

    Returns
    -------
    tuple of Mismatch
        In the order journal, year, design, population; empty if nothing differs.

    Raises
    ------
    InvalidType
        If the arguments are not such records.

    Examples
    --------
    >>> from ketastats.register import ArticleClaim, Said, Study, compare_citation
    >>> claim = ArticleClaim(id="A9.1", article="an-article", kind="citation", text="It helped.", where="paragraph 1",
    ...                      cites="a-2006", said=Said(journal="Journal of Examples", year=2012))
    >>> study = Study(key="a-2006", journal="Journal of Examples", year=2006, finding="It helped.", where="abstract",
    ...               source="the study", status="direct", sure="high")
    >>> [str(mismatch) for mismatch in compare_citation(claim, study)]
    ['year: the article says 2012, the source 2006']
    """
    if not isinstance(claim, ArticleClaim):
        raise InvalidType("claim", claim, "an ArticleClaim")
    if not isinstance(study, Study):
        raise InvalidType("study", study, "a Study")
    said = claim.said
    if said is None:
        return ()
    found: list[Mismatch] = []

    def differ(field: str, article_says: str, source_says: str, differs: bool) -> None:
        if article_says and source_says and differs:
            found.append(Mismatch(field=field, article_says=article_says, source_says=source_says))

    differ("journal", said.journal, study.journal, _plain(said.journal) != _plain(study.journal))
    differ("year", str(said.year or ""), str(study.year or ""), said.year != study.year)
    differ("design", said.design, study.design, study.design not in DESIGN_COVERS.get(said.design, (said.design,)))
    missing = [group for group in said.population if group not in study.population]
    differ("population", ", ".join(missing), ", ".join(study.population), bool(missing))
    return tuple(found)


def _plain(name: str) -> str:
    words = name.casefold().replace("&", "and").split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
