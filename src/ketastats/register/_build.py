"""From the tables of a register to its records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from . import _words as words
from ._articles import Article, ArticleClaim, Nearest, Printed, Said
from ._faults import Faults
from ._files import Files
from ._known import Known
from ._numbers import check_interval, check_margin, check_p, check_positive
from ._studies import Figure, Margin, Outcome, Study
from ._table import KEY, Table

__all__ = ["Built", "build"]

_DOI = re.compile(r"10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+")
_PUBMED = re.compile(r"[1-9][0-9]{0,8}")
_PMC = re.compile(r"PMC[1-9][0-9]*")
_CODE = re.compile(r"A[1-9][0-9]?")
_ID = re.compile(r"A[1-9][0-9]?\.[1-9][0-9]?")


@dataclass(slots=True)
class Built:
    """The records without faults."""

    articles: list[Article] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    margins: list[Margin] = field(default_factory=list)
    claims: list[ArticleClaim] = field(default_factory=list)


class _Seen:
    """Names that must be unique over the whole register."""

    def __init__(self) -> None:
        self.dois: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.margins: dict[str, str] = {}


def build(files: Files, faults: Faults) -> Built:
    """Return the records of all tables that are sound; every other table leaves its faults."""
    built, known, seen = Built(), Known(files), _Seen()
    for name, raw in files.tables.items():
        table = Table(raw, name, faults, clean=name not in files.dirty)
        folder = PurePosixPath(name).parent.name
        if folder == "studies":
            study = _study(table, seen)
            built.studies += [study] if study else []
        elif folder == "articles":
            article = _article(table, known, seen, built.claims)
            built.articles += [article] if article else []
        else:
            built.margins += [margin for row in table.tables("margin") if (margin := _margin(row, known, seen))]
            table.close()
    built.articles.sort(key=lambda article: int(article.code[1:]))
    return built


def _key(table: Table) -> str:
    key = table.matching("key", KEY, "johnson-2025", required=True)
    stem = PurePosixPath(table.file).stem
    if key and key != stem:
        table.fault("key", key, "not the name of the file", f'Write key = "{stem}", or rename the file.')
    return key


def _sourced(table: Table) -> dict[str, str]:
    fields = {
        "where": table.text("where", required=True),
        "source": table.text("source", required=True),
        "status": table.word("status", words.STATUS, required=True),
        "sure": table.word("sure", words.SURE, required=True),
        "derivation": table.text("derivation"),
        "note": table.text("note"),
    }
    if fields["status"] == "derived" and not fields["derivation"]:
        table.fault("derivation", None, "is missing", "Say how the number follows from printed ones.")
    return fields


def _study(table: Table, seen: _Seen) -> Study | None:
    names: dict[str, str] = {}
    figures = [figure for row in table.tables("figure") if (figure := _figure(row, names))]
    doi = table.matching("doi", _DOI, "10.1111/acps.13812")
    table.unique("doi", doi.lower(), seen.dois)
    study = Study(
        key=_key(table),
        **{name: table.text(name) for name in ("authors", "title", "journal", "volume", "issue", "pages")},
        **{name: table.text(name) for name in ("exposure", "treatment", "scale")},
        finding=table.text("finding", required=True),
        year=table.year("year"),
        doi=doi,
        pubmed=table.matching("pubmed", _PUBMED, "31514448"),
        pmc=table.matching("pmc", _PMC, "PMC6789614"),
        design=table.word("design", words.DESIGN_COVERS),
        population=table.texts("population", words.POPULATIONS),
        n=table.count("n"),
        not_found=table.texts("not_found"),
        outcomes=_outcomes(table),
        figures=tuple(figures),
        **_sourced(table),
    )
    return study if table.close() else None


def _outcomes(table: Table) -> tuple[Outcome, ...]:
    names: dict[str, str] = {}
    found = [(row, outcome) for row in table.tables("outcome") if (outcome := _outcome(row, names))]
    for row, outcome in found:
        if outcome.nested_in and (outcome.nested_in not in names or outcome.nested_in == outcome.name):
            row.fault("nested_in", outcome.nested_in, "no other outcome of this study", "Name one of them.")
    return tuple(outcome for _, outcome in found)


def _outcome(table: Table, names: dict[str, str]) -> Outcome | None:
    name = table.matching("name", KEY, "response", required=True)
    table.unique("name", name, names)
    p = table.number("p", required=True)
    fields = {key: table.text(key) for key in ("about", "scale", "test_said", "nested_in")}
    test = table.word("test", words.TESTS) or "unknown"
    n = table.count("n")
    sourced = _sourced(table)
    check_p(table, p)
    if not table.close() or p is None:
        return None
    return Outcome(name=name, p=p, n=n, test=test, **fields, **sourced)


def _figure(table: Table, names: dict[str, str]) -> Figure | None:
    name = table.matching("name", KEY, "response", required=True)
    table.unique("name", name, names)
    value = table.number("value", required=True)
    unit = table.word("unit", words.UNITS, required=True)
    about = table.text("about", required=True)
    low, high, p = table.number("low"), table.number("high"), table.number("p")
    sd, plus_minus = table.number("sd"), table.number("plus_minus")
    df1, df2 = table.number("df1"), table.number("df2")
    level_text = table.text("level")
    level = None if level_text in ("", "not stated") else table.number("level")
    n = table.count("n")
    sourced = _sourced(table)
    if value is not None:
        check_interval(table, unit, value, (low, high), level, plus_minus, stated=bool(level_text))
    check_p(table, p)
    check_positive(table, {"sd": sd, "plus_minus": plus_minus, "df1": df1, "df2": df2})
    if not table.close() or value is None:
        return None
    return Figure(
        name=name, unit=unit, value=value, about=about, low=low, high=high, level=level, n=n,
        sd=sd, plus_minus=plus_minus, p=p, df1=df1, df2=df2, **sourced,
    )  # fmt: skip


def _margin(table: Table, known: Known, seen: _Seen) -> Margin | None:
    key = table.matching("key", KEY, "elekt-d-10", required=True)
    table.unique("key", key, seen.margins)
    scale = table.word("scale", words.SCALES, required=True)
    unit = table.word("unit", words.UNITS, required=True)
    value = table.number("value", required=True)
    about = table.text("about", required=True)
    study = table.reference("study", known.study, required=True)
    figures = table.references("figures", known.figure)
    sourced = _sourced(table)
    if value is not None:
        check_margin(table, scale, unit, value)
    if not table.close() or value is None:
        return None
    return Margin(key=key, scale=scale, unit=unit, value=value, about=about, study=study, figures=figures, **sourced)


def _article(table: Table, known: Known, seen: _Seen, claims: list[ArticleClaim]) -> Article | None:
    key = _key(table)
    code = table.matching("code", _CODE, "A1", required=True)
    table.unique("code", code, seen.codes)
    rows, found = 0, []
    for row in table.tables("claim"):
        rows += 1
        claim = _claim(row, key, code, known, seen)
        found += [claim] if claim else []
    claims += found
    about, title = table.text("about", required=True), table.text("title")
    reports = table.references("reports", known.study)
    if not rows:
        table.fault("claim", None, "is missing", "Add [[claim]] for each claim of the article.")
    if not table.close():
        return None
    return Article(key=key, code=code, about=about, title=title, reports=reports, claims=tuple(found))


def _claim(table: Table, article: str, code: str, known: Known, seen: _Seen) -> ArticleClaim | None:
    name = table.matching("id", _ID, "A1.4", required=True)
    table.unique("id", name, seen.ids)
    if name and code and not name.startswith(f"{code}."):
        table.fault("id", name, "does not begin with the code of its article", f"Write {code}.1 and so on.")
    claim = ArticleClaim(
        id=name,
        article=article,
        kind=table.word("kind", words.KINDS, required=True),
        text=table.text("text", required=True),
        where=table.text("where", required=True),
        paragraph=table.count("paragraph"),
        printed=tuple(printed for row in table.tables("printed") if (printed := _printed(row, known))),
        estimand=table.word("estimand", words.ESTIMANDS),
        studies=table.references("studies", known.study),
        outcomes=table.references("outcomes", known.outcome),
        figures=table.references("figures", known.figure),
        margins=table.references("margins", known.margin),
        parts=table.references("parts", known.claim),
        cites=table.reference("cites", known.study),
        cited_as=table.text("cited_as"),
        candidates=table.references("candidates", known.study),
        said=_said(table.table("said")),
        reason=table.text("reason"),
        nearest=tuple(row for inner in table.tables("nearest") if (row := _nearest(inner, known))),
    )
    _whole(table, claim)
    return claim if table.close() else None


def _whole(table: Table, claim: ArticleClaim) -> None:
    """Note what a claim of its kind must have besides."""
    if claim.kind == "citation":
        for key in ("cites", "cited_as", "said"):
            if not getattr(claim, key):
                table.fault(key, None, "is missing", "A citation says which source it means and what it says of it.")
    if claim.kind == "open" and not claim.reason:
        table.fault("reason", None, "is missing", "Say why nothing can be recomputed.")
    if not (claim.nearest or claim.reason or claim.parts):
        table.fault("nearest", None, "is missing", "Name the nearest evidence, or the reason why there is none.")
    if claim.id and claim.id in claim.parts:
        table.fault("parts", claim.id, "a claim is no part of itself", "Name the other claims only.")


def _printed(table: Table, known: Known) -> Printed | None:
    text, what = table.text("text", required=True), table.text("what", required=True)
    reading = table.number("reading")
    found_in = table.reference("found_in", known.number)
    if found_in and reading is None:
        table.fault("reading", None, "is missing", "Write the number that the words stand for, to compare it.")
    return Printed(text=text, what=what, reading=reading, found_in=found_in) if table.close() else None


def _nearest(table: Table, known: Known) -> Nearest | None:
    study = table.reference("study", known.study, required=True)
    says = table.text("says", required=True)
    figures = table.references("figures", known.figure)
    bears = table.word("bears", words.BEARS)
    return Nearest(study=study, says=says, figures=figures, bears=bears) if table.close() else None


def _said(table: Table | None) -> Said | None:
    if table is None:
        return None
    said = Said(
        journal=table.text("journal"),
        design=table.word("design", words.DESIGN_COVERS),
        year=table.year("year"),
        population=table.texts("population", words.POPULATIONS),
    )
    return said if table.close() else None
