"""The register of the project, its records, and every kind of fault that a register can have."""

from __future__ import annotations

import dataclasses
import math
import pickle
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from scipy import stats

import ketastats as ks
from ketastats import register as rg
from ketastats.register import _words as words

DATA = Path(__file__).resolve().parent.parent / "data"

# Every claim of the five articles and what is printed with it, as read in the articles.
PRINTED = {
    "A1.1": ("more than double",),
    "A1.2": ("83 adults", "four"),
    "A1.3": (),
    "A1.4": ("p = 0.572",),
    "A1.5": ("p = 0.230",),
    "A1.6": ("p = 0.397",),
    "A1.7": (),
    "A1.8": (),
    "A1.9": (),
    "A1.10": (),
    "A1.11": ("70%",),
    "A2.1": ("[1]",),
    "A2.2": ("[2]",),
    "A2.3": (),
    "A2.4": (),
    "A3.1": (),
    "A3.2": (),
    "A3.3": (),
    "A3.4": (),
    "A3.5": (),
    "A4.1": ("approximately one-third",),
    "A4.2": ("2012",),
    "A4.3": ("within hours", "up to a week"),
    "A4.4": (),
    "A5.1": (),
    "A5.2": (),
    "A5.3": (),
    "A5.4": (),
    "A5.5": (),
}
KINDS = {
    "null": ["A1.4", "A1.5", "A1.6", "A1.7", "A1.8", "A1.10"],
    "quantity": ["A1.1", "A1.2", "A1.11", "A4.1", "A4.3"],
    "direction": ["A1.3", "A1.9", "A3.1", "A3.2", "A3.3", "A3.4", "A4.4", "A5.1", "A5.2", "A5.3", "A5.4"],
    "citation": ["A2.1", "A2.2", "A4.2"],
    "open": ["A2.3", "A2.4", "A3.5", "A5.5"],
}
# Typed once more from the sources that each file names, not from the files.
FIGURES = {
    "johnson-2025/mean-fall": "5.7",
    "obrien-2019/n-single": "115",
    "obrien-2021/severe-robust-baseline": "18.8",
    "obrien-2021/physical-abuse-p": "0.01",
    "obrien-2023/rapid-share": "34.6%",
    "ace-ketamine-clinic/time-by-ace": "-0.6 [-0.9, -0.3]",
    "magalhaes-2021/sexual-abuse": "35.82%",
    "elekt-d-moderators-2024/ptsd-qids-f": "0.66",
    "deng-2025/emotional-neglect": "-3.035",
    "wilkinson-2018/effect-high": "0.85",
    "wilkinson-2018/madrs-control-day-1": "29.2",
    "diazgranados-2010/effect-40-minutes": "0.52 [0.28, 0.76]",
    "diazgranados-2010/response-ketamine": "71%",
    "zarate-2012/effect": "0.89 [0.61, 1.16]",
    "rush-2006/remission-cumulative": "67%",
    "trivedi-2006/response": "47%",
    "murrough-2013/response": "70.8%",
    "private-clinic-424/response-ten-infusions": "72%",
    "mcintyre-2020/response": "27%",
    "mcintyre-2020/remission": "13%",
    "crtce-bipolar/mean-fall": "6.08",
    "alnefeesi-2022/response": "45%",
    "mcinnes-2022/response": "53.6%",
    "elekt-d-2023/difference": "14.2 [3.9, 24.2]",
    "karma-dep-2/qids-difference": "-0.002 [-2.71, 2.71]",
    "karma-dep-2/madrs-difference": "-3.16 [-8.54, 2.22]",
    "lipsitz-2021/improvers-first": "9.8",
    "lipsitz-2021/non-improvers-first": "13.7",
    "hietamies-2023/depression-effect": "1.56",
    "li-2016/depression": "2.03 [1.37, 3.01]",
    "nelson-2017/largest": "3.73 [2.88, 4.83]",
    "nanni-2012/no-response": "1.43 [1.11, 1.83]",
    "kuzminskaite-2022/active-outcome": "0.016 [-0.094, 0.125]",
    "kuzminskaite-2022/versus-control-p": "0.051",
    "feder-2021/response-midazolam": "20%",
    "abdallah-2022/n-placebo": "54",
    "ptsd-meta-2024/effect-adjusted": "0.20 [-0.08, 0.48]",
    "melander-2008/benefit": "16 [12, 20]",
    "cuijpers-2014/cut-off": "0.24",
    "rush-2003/ratio": "1.3",
    "rush-2021/meaningful-wsas": "3.9 [3.7, 4.1]",
    "button-2015/share-resistant": "32%",
    "ketect-2022/remission-ketamine": "46%",
}
MARGINS = {
    "half-melander-low-6": ("risk_difference", "0.06"),
    "half-melander-8": ("risk_difference", "0.08"),
    "elekt-d-10": ("risk_difference", "0.10"),
    "melander-16": ("risk_difference", "0.16"),
    "cuijpers-0.24": ("smd", "0.24"),
    "cuijpers-0.50": ("smd", "0.50"),
    "moncrieff-0.875": ("smd", "0.875"),
    "nanni-1.43": ("odds_ratio", "1.43"),
    "nice-hamd-3": ("hamd17_points", "3"),
    "nice-qids-2.3": ("qids_points", "2.3"),
    "rush-qids-3.0": ("qids_points", "3.0"),
    "hengartner-qids-3.8": ("qids_points", "3.8"),
    "esketamine-madrs-6": ("madrs_points", "6"),
    "transform-madrs-10": ("madrs_points", "10"),
}


@pytest.fixture(scope="module")
def register() -> rg.Register:
    return rg.load(DATA)


# ------------------------------------------------------------ the project's register
def test_it_is_sound() -> None:
    result = rg.check(DATA)
    assert [str(fault) for fault in result.faults] == []
    assert result.exit_code == 0
    assert result


def test_every_claim_is_there_with_what_is_printed(register: rg.Register) -> None:
    found = {claim.id: tuple(printed.text for printed in claim.printed) for claim in register.claims}
    assert found == PRINTED
    assert [article.key for article in register.articles] == ["trauma-link", "emerge", "ptsd", "trd", "wide-range"]


def test_every_claim_has_its_kind(register: rg.Register) -> None:
    found: dict[str, list[str]] = {}
    for claim in register.claims:
        found.setdefault(claim.kind, []).append(claim.id)
    assert found == KINDS


def test_a_claim_without_a_number_has_a_reason_or_parts(register: rg.Register) -> None:
    bare = [c for c in register.claims if not c.printed and not c.parts]
    assert all(claim.reason for claim in bare)
    # Nothing is known on pain; every other claim has its nearest evidence.
    assert [claim.id for claim in register.claims if not claim.nearest] == ["A5.3"]


def test_the_three_p_values(register: rg.Register) -> None:
    study = register.study("johnson-2025")
    assert [(o.name, o.p.text, o.n, o.status, o.sure) for o in study.outcomes] == [
        ("symptoms", "0.572", 83, "secondary", "medium"),
        ("response", "0.230", 83, "secondary", "medium"),
        ("remission", "0.397", 83, "secondary", "medium"),
    ]
    assert study.outcome("response").test == study.outcome("remission").test == "pearson"
    assert study.outcome("response").test_said == "chi-square tests"
    assert study.outcome("remission").nested_in == "response"
    assert {"group sizes", "response and remission percentages"} <= set(study.not_found)
    readings = [register.claim(key).printed[0].reading for key in ("A1.4", "A1.5", "A1.6")]
    assert readings == [outcome.p for outcome in study.outcomes]


def test_the_headline_is_the_conjunction_of_its_parts(register: rg.Register) -> None:
    headline = register.claim("A1.8")
    assert headline.parts == ("A1.4", "A1.5", "A1.6", "A1.7")
    assert headline.outcomes == tuple(ref for key in headline.parts for ref in register.claim(key).outcomes)


@pytest.mark.parametrize("reference", FIGURES)
def test_figures_are_as_printed(register: rg.Register, reference: str) -> None:
    figure = register.figure(reference)
    ends = f" [{figure.low}, {figure.high}]" if figure.low else ""
    assert f"{figure.value}{ends}" == FIGURES[reference]


@pytest.mark.parametrize("key", MARGINS)
def test_margins_are_as_published(register: rg.Register, key: str) -> None:
    margin = register.margin(key)
    assert (margin.scale, str(margin.size)) == MARGINS[key]


def test_intervals_have_the_printed_level_or_none(register: rg.Register) -> None:
    # The abstract of this meta-analysis prints 95%; the account of the trial at hand prints the two ends only.
    assert register.figure("li-2016/depression").level == ks.Reported("95%")
    assert register.figure("karma-dep-2/qids-difference").level is None


def test_derived_margins_follow_from_printed_numbers(register: rg.Register) -> None:
    benefit = register.figure("melander-2008/benefit")
    assert benefit.low is not None
    assert register.margin("half-melander-8").size == benefit.value.value / 200
    assert register.margin("half-melander-low-6").size == benefit.low.value / 200
    for key in ("nice-qids-2.3", "rush-qids-3.0", "hengartner-qids-3.8"):
        margin = register.margin(key)
        points, ratio = (register.figure(reference).value.value for reference in margin.figures)
        assert points / ratio in margin.value.interval


def test_derived_figures_follow_from_printed_numbers(register: rg.Register) -> None:
    value = lambda reference: register.figure(reference).value  # noqa: E731
    assert value("rush-2006/no-remission-after-four").value == 100 - value("rush-2006/remission-cumulative").value
    assert value("trivedi-2006/no-response").value == 100 - value("trivedi-2006/response").value
    abused = value("magalhaes-2021/sexual-abuse-n").value
    assert 100 * abused / 67 in value("magalhaes-2021/sexual-abuse").interval
    # KARMA-Dep 2: half the interval over the quantile of t with n - 2 = 60 degrees of freedom, then the SD behind it.
    half = register.figure("karma-dep-2/qids-difference").high
    assert half is not None
    error = float(half.value) / stats.t.isf(0.025, 60)
    assert Decimal(error) in value("karma-dep-2/qids-se").interval
    spread = error / math.sqrt(1 / 32 + 1 / 30)
    assert Decimal(spread) in value("karma-dep-2/qids-sd").interval
    assert Decimal(math.sqrt(1 - float(value("rush-2003/alpha").value))) in value("rush-2003/sem").interval


def test_every_derived_number_says_how(register: rg.Register) -> None:
    rows = [*register.margins, *(row for study in register.studies for row in (*study.figures, *study.outcomes))]
    assert {row.status for row in rows} == {"direct", "secondary", "derived"} == set(words.STATUS)
    assert {row.sure for row in rows} <= {"high", "medium", "low"} == set(words.SURE)
    assert all(row.derivation for row in rows if row.status == "derived")
    assert all(row.where and row.source for row in rows)


def numbers(record: object) -> Iterator[ks.Reported]:
    """Every printed number in a record and in the records that it holds."""
    if isinstance(record, ks.Reported):
        yield record
    elif isinstance(record, tuple):
        for item in record:
            yield from numbers(item)
    elif dataclasses.is_dataclass(record):
        for field in dataclasses.fields(record):
            yield from numbers(getattr(record, field.name))


def test_every_number_keeps_its_digits(register: rg.Register) -> None:
    found = list(numbers(register))
    assert len(found) > 300
    for number in found:
        again = ks.Reported(str(number))
        assert again == number
        assert (again.value, again.relation, again.percent, again.decimals) == (
            number.value,
            number.relation,
            number.percent,
            number.decimals,
        )
        assert number.value in number.interval or number.relation in "<>"


def test_every_evidence_resolves(register: rg.Register) -> None:
    for claim in register.claims:
        for near in claim.nearest:
            assert register.study(near.study).key == near.study
            assert all(register.figure(reference).value.text for reference in near.figures)
        assert all(register.outcome(reference).p.text for reference in claim.outcomes)
        assert all(register.margin(key).scale for key in claim.margins)


def test_records_are_frozen_and_cross_process_borders(register: rg.Register) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        register.study("johnson-2025").key = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(register)) == register


@pytest.mark.parametrize(
    ("method", "name", "known"),
    [
        ("article", "trauma", "trauma-link"),
        ("study", "johnson", "johnson-2025"),
        ("margin", "ten", "elekt-d-10"),
        ("claim", "A9.9", "A1.4"),
        ("outcome", "johnson-2025/mood", "response"),
        ("figure", "johnson-2025/mood", "mean-fall"),
        ("figure", "mean-fall", "slash"),
    ],
)
def test_an_unknown_name_is_told_what_there_is(register: rg.Register, method: str, name: str, known: str) -> None:
    with pytest.raises(ks.InvalidArgument, match=known):
        getattr(register, method)(name)


def test_what_there_is_may_be_nothing() -> None:
    with pytest.raises(ks.InvalidArgument, match="none is recorded"):
        rg.Register(articles=(), studies=(), margins=()).study("a")


def test_article_is_found(register: rg.Register) -> None:
    assert register.article("emerge").reports == ("feder-2014", "wilkinson-2018")
    assert register.claim("A2.2").article == "emerge"


def test_check_as_table_text_and_html() -> None:
    result = rg.check(str(DATA))
    frame = result.to_frame()
    assert list(frame.columns) == ["row", "file", "key", "kind", "text", "value", "remedy"]
    assert list(frame["key"]) == list(PRINTED)
    assert set(frame["row"]) == {"claim"}
    text = result.summary()
    assert "p = 0.230" in text
    assert "5 articles, 29 claims" in text
    assert text.endswith("No faults.")
    assert "<pre>" in result._repr_html_()


# ------------------------------------------------------------ citations
@pytest.mark.parametrize(
    ("claim", "study", "expected"),
    [
        # JAMA Psychiatry 2014;71:681-688 is a randomised crossover trial in patients with PTSD.
        ("A2.1", "feder-2014", {"journal": "JAMA Psychiatry", "design": "randomised crossover trial"}),
        # Am J Psychiatry 2018;175:150-158 pools trials in patients with suicidal ideation.
        ("A2.2", "wilkinson-2018", {"journal": "American Journal of Psychiatry", "population": "suicidal ideation"}),
        ("A4.2", "zarate-2006", {"year": "2006"}),
        ("A4.2", "diazgranados-2010", {"year": "2010", "population": "treatment-resistant bipolar depression"}),
        ("A4.2", "zarate-2012", {"journal": "Biological Psychiatry", "population": "bipolar depression"}),
    ],
)
def test_citations_differ_where_they_do(
    register: rg.Register, claim: str, study: str, expected: dict[str, str]
) -> None:
    found = rg.compare_citation(register.claim(claim), register.study(study))
    assert {mismatch.field: mismatch.source_says for mismatch in found} == expected


def test_a_right_citation_has_no_mismatch(register: rg.Register) -> None:
    said = rg.Said(journal="The Jama  psychiatry", design="trial", year=2014)
    claim = dataclasses.replace(register.claim("A2.1"), said=said)
    assert rg.compare_citation(claim, register.study("feder-2014")) == ()
    assert rg.compare_citation(register.claim("A1.4"), register.study("feder-2014")) == ()


def test_what_the_source_does_not_say_is_no_mismatch(register: rg.Register) -> None:
    unknown = register.study("ace-ketamine-clinic")
    assert (unknown.journal, unknown.year) == ("", None)
    assert [m.field for m in rg.compare_citation(register.claim("A2.1"), unknown)] == ["design"]


def test_only_claims_and_studies_are_compared(register: rg.Register) -> None:
    claim, study = register.claim("A2.1"), register.study("feder-2014")
    with pytest.raises(ks.InvalidType, match="claim"):
        rg.compare_citation("A2.1", study)  # type: ignore[arg-type]
    with pytest.raises(ks.InvalidType, match="study"):
        rg.compare_citation(claim, "feder-2014")  # type: ignore[arg-type]


def test_every_design_word_covers_itself() -> None:
    assert all(word in covered for word, covered in words.DESIGN_COVERS.items())
    assert {word for covered in words.DESIGN_COVERS.values() for word in covered} == set(words.DESIGN_COVERS)


# ------------------------------------------------------------ each kind of fault
SOURCED = 'where = "abstract"\nsource = "s"\nstatus = "direct"\nsure = "high"\n'
STUDY = (
    'key = "a-2020"\nfinding = "f"\ndoi = "10.1000/x"\nn = "83"\nyear = "2020"\npopulation = ["depression"]\n'
    + SOURCED
    + '[[outcome]]\nname = "response"\np = "0.230"\nn = "83"\n'
    + SOURCED
    + '[[figure]]\nname = "ratio"\nabout = "a"\nvalue = "2.0"\nlow = "1.0"\nhigh = "3.0"\nlevel = "95%"\n'
    + 'unit = "odds_ratio"\n'
    + SOURCED
)
MARGIN = (
    '[[margin]]\nkey = "ten"\nabout = "a"\nscale = "risk_difference"\nunit = "percentage_points"\nvalue = "10"\n'
    'study = "a-2020"\nfigures = ["a-2020/ratio"]\n' + SOURCED
)
ARTICLE = (
    'key = "x"\ncode = "A1"\nabout = "a"\nreports = ["a-2020"]\n'
    '[[claim]]\nid = "A1.1"\nkind = "null"\nwhere = "paragraph 1"\ntext = "t"\nmargins = ["ten"]\n'
    'printed = [{ text = "p = 0.230", reading = "0.230", what = "w" }]\noutcomes = ["a-2020/response"]\n'
    'nearest = [{ study = "a-2020", says = "s", figures = ["a-2020/ratio"] }]\n'
    '[[claim]]\nid = "A1.2"\nkind = "citation"\nwhere = "paragraph 1"\ntext = "t"\ncites = "a-2020"\n'
    'cited_as = "[1]"\nreason = "r"\nsaid = { year = "2012" }\n'
)


def write(folder: Path, *, study: str = STUDY, margin: str = MARGIN, article: str = ARTICLE) -> Path:
    """Write a small register."""
    for name in ("articles", "studies"):
        (folder / name).mkdir(parents=True)
    (folder / "studies" / "a-2020.toml").write_text(study, encoding="utf-8")
    (folder / "margins.toml").write_text(margin, encoding="utf-8")
    (folder / "articles" / "x.toml").write_text(article, encoding="utf-8")
    return folder


def test_the_small_register_is_sound(tmp_path: Path) -> None:
    register = rg.load(write(tmp_path / "data"))
    assert register.margin("ten").size == Decimal("0.10")
    assert register.outcome("a-2020/response").test == "unknown"


STUDY_FAULTS = [
    # old, new, key, part of the problem
    ('n = "83"\nyear', 'nn = "83"\nyear', "nn", "unknown key"),
    ('finding = "f"\n', "", "finding", "missing"),
    ('finding = "f"', 'finding = ""', "finding", "empty"),
    ('finding = "f"', 'finding = " f"', "finding", "space at an end"),
    ('finding = "f"', "finding = true", "finding", "a truth value, not text"),
    ('finding = "f"', 'finding = ["f"]', "finding", "a list, not text"),
    ('finding = "f"', 'finding = "f\\u202e"', "finding", "U+202E"),
    ('finding = "f"', 'finding = "f\\u0007"', "finding", "U+0007"),
    ('finding = "f"', 'finding = "f\\u200b"', "finding", "U+200B"),
    ('p = "0.230"', "p = 0.230", "outcome[1].p", "not text"),
    ('p = "0.230"', "p = nan", "outcome[1].p", "not text"),
    ('p = "0.230"', "p = -inf", "outcome[1].p", "not text"),
    ('p = "0.230"', "p = 1", "outcome[1].p", "not text"),
    ('p = "0.230"', 'p = "nan"', "outcome[1].p", "not a number"),
    ('p = "0.230"', 'p = "0.23.0"', "outcome[1].p", "not a number"),
    ('p = "0.230"', 'p = "ns"', "outcome[1].p", "words"),
    ('p = "0.230"', 'p = "1.230"', "outcome[1].p", "between 0 and 1"),
    ('p = "0.230"', 'p = "-0.230"', "outcome[1].p", "between 0 and 1"),
    ('p = "0.230"', 'p = "23%"', "outcome[1].p", "between 0 and 1"),
    ('p = "0.230"\n', "", "outcome[1].p", "missing"),
    ('n = "83"\nyear', 'n = "83.0"\nyear', "n", "whole number"),
    ('n = "83"\nyear', 'n = "0"\nyear', "n", "whole number"),
    ('n = "83"\nyear', 'n = "-83"\nyear', "n", "whole number"),
    ('n = "83"\nyear', "n = 83\nyear", "n", "not text"),
    ('year = "2020"', 'year = "20"', "year", "malformed"),
    ('doi = "10.1000/x"', 'doi = "doi:10.1000/x"', "doi", "malformed"),
    ('key = "a-2020"', 'key = "b-2020"', "key", "name of the file"),
    ('key = "a-2020"', 'key = "A 2020"', "key", "malformed"),
    ('population = ["depression"]', 'population = ["depresion"]', "population[1]", "unknown word"),
    ('population = ["depression"]', 'population = "depression"', "population", "not a list"),
    ('population = ["depression"]', 'population = ["depression", "depression"]', "population[2]", "twice"),
    ('population = ["depression"]', "population = [1]", "population[1]", "not text"),
    ('where = "abstract"\n', "", "where", "missing"),
    ('source = "s"\n', "", "source", "missing"),
    ('status = "direct"', 'status = "hearsay"', "status", "unknown word"),
    ('sure = "high"', 'sure = "very"', "sure", "unknown word"),
    ('status = "direct"', 'status = "derived"', "derivation", "missing"),
    ('name = "response"\n', 'name = "response"\ntest = "anova"\n', "outcome[1].test", "unknown word"),
    ('name = "response"\n', 'name = "response"\nnested_in = "mood"\n', "outcome[1].nested_in", "no other outcome"),
    ('name = "response"\n', 'name = "response"\nnested_in = "response"\n', "outcome[1].nested_in", "no other outcome"),
    ("[[outcome]]", "[outcome]", "outcome", "list of tables"),
    ("[[figure]]", '[[outcome]]\nname = "response"\np = "0.1"\n' + SOURCED + "[[figure]]", "outcome[2].name", "stands"),
    ('value = "2.0"', 'value = "3.5"', "figure[1].value", "outside its interval"),
    ('low = "1.0"', 'low = "4.0"', "figure[1].low", "above the upper end"),
    ('low = "1.0"', 'low = "10%"', "figure[1].low", "per cent"),
    ('low = "1.0"', 'low = "< 1.0"', "figure[1].low", "plain number"),
    ('low = "1.0"\n', "", "figure[1].low", "missing"),
    ('high = "3.0"\n', "", "figure[1].high", "missing"),
    ('level = "95%"\n', "", "figure[1].level", "missing"),
    ('level = "95%"', 'level = "101%"', "figure[1].level", "between 0 and 100%"),
    ('level = "95%"', 'level = "95"', "figure[1].level", "between 0 and 100%"),
    ('low = "1.0"\nhigh = "3.0"\n', "", "figure[1].level", "without an interval"),
    ('value = "2.0"\n', "", "figure[1].value", "missing"),
    ('value = "2.0"\nlow = "1.0"', 'value = "-2.0"\nlow = "-3.0"', "figure[1].value", "above zero"),
    ('unit = "odds_ratio"', 'unit = "odds"', "figure[1].unit", "unknown word"),
    ('unit = "odds_ratio"', 'unit = "proportion"', "figure[1].value", "between 0 and 100%"),
    ('unit = "odds_ratio"', 'unit = "pvalue"', "figure[1].value", "between 0 and 1"),
    ('unit = "odds_ratio"', 'unit = "correlation"', "figure[1].value", "between -1 and 1"),
    ('unit = "odds_ratio"', 'unit = "odds_ratio"\nsd = "-1"', "figure[1].sd", "above zero"),
    ('unit = "odds_ratio"', 'unit = "odds_ratio"\ndf1 = "0"', "figure[1].df1", "above zero"),
    ('unit = "odds_ratio"', 'unit = "odds_ratio"\np = "2"', "figure[1].p", "between 0 and 1"),
]


@pytest.mark.parametrize(("old", "new", "key", "problem"), STUDY_FAULTS)
def test_a_fault_in_a_study_is_found_where_it_is(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    assert old in STUDY
    result = rg.check(write(tmp_path / "data", study=STUDY.replace(old, new, 1)))
    found = [fault for fault in result.faults if fault.file == "studies/a-2020.toml" and fault.key == key]
    assert any(problem in fault.problem for fault in found), result.summary()
    assert all(fault.remedy for fault in result.faults)
    assert result.exit_code == 1
    assert not result


@pytest.mark.parametrize(
    ("unit", "value", "problem"),
    [
        ("proportion", "101%", "between 0 and 100%"),
        ("proportion", "1.2", "between 0 and 100%"),
        ("proportion", "-1%", "between 0 and 100%"),
        ("people", "8.5", "whole number"),
        ("people", "0", "whole number"),
        ("percentage_points", "101", "more than 100"),
        ("qids_points", "10%", "per cent sign"),
    ],
)
def test_a_value_that_its_unit_cannot_have(tmp_path: Path, unit: str, value: str, problem: str) -> None:
    study = STUDY.replace('low = "1.0"\nhigh = "3.0"\nlevel = "95%"\n', "")
    study = study.replace('value = "2.0"', f'value = "{value}"').replace('"odds_ratio"', f'"{unit}"')
    faults = rg.check(write(tmp_path / "data", study=study)).faults
    assert [(fault.key, problem in fault.problem) for fault in faults] == [("figure[1].value", True)]


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('study = "a-2020"', 'study = "a-2021"', "margin[1].study", "refers to nothing"),
        ('"a-2020/ratio"', '"a-2020/rate"', "margin[1].figures[1]", "refers to nothing"),
        ('"a-2020/ratio"', '"a-2021/ratio"', "margin[1].figures[1]", "refers to nothing"),
        ('"a-2020/ratio"', '"ratio"', "margin[1].figures[1]", "refers to nothing"),
        ('scale = "risk_difference"', 'scale = "rd"', "margin[1].scale", "unknown word"),
        ('unit = "percentage_points"', 'unit = "smd"', "margin[1].unit", "not the unit"),
        ('value = "10"', 'value = "-10"', "margin[1].value", "positive"),
        ('value = "10"', 'value = "10%"', "margin[1].value", "positive"),
        ('value = "10"', 'value = "100"', "margin[1].value", "100 percentage points"),
        ('value = "10"\n', "", "margin[1].value", "missing"),
        ("[[margin]]", MARGIN + "[[margin]]", "margin[2].key", "stands in"),
        ("[[margin]]", 'title = "t"\n[[margin]]', "title", "unknown key"),
        ("[[margin]]", "margin = 3\n[[other]]", "margin", "list of tables"),
    ],
)
def test_a_fault_in_a_margin_is_found_where_it_is(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    assert old in MARGIN
    result = rg.check(write(tmp_path / "data", margin=MARGIN.replace(old, new, 1)))
    found = [fault for fault in result.faults if fault.file == "margins.toml" and fault.key == key]
    assert any(problem in fault.problem for fault in found), result.summary()


def test_a_ratio_margin_stands_above_one(tmp_path: Path) -> None:
    margin = MARGIN.replace('"risk_difference"', '"odds_ratio"').replace('"percentage_points"', '"odds_ratio"')
    faults = rg.check(write(tmp_path / "data", margin=margin.replace('value = "10"', 'value = "0.7"'))).faults
    assert [(fault.key, fault.value) for fault in faults] == [("margin[1].value", "0.7")]


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('reports = ["a-2020"]', 'reports = ["b-2020"]', "reports[1]", "refers to nothing"),
        ('"a-2020/response"', '"a-2020/respons"', "claim[1].outcomes[1]", "refers to nothing"),
        ('margins = ["ten"]', 'margins = ["teen"]', "claim[1].margins[1]", "refers to nothing"),
        ('margins = ["ten"]', 'parts = ["A1.9"]', "claim[1].parts[1]", "refers to nothing"),
        ('margins = ["ten"]', 'parts = ["A1.1"]', "claim[1].parts", "no part of itself"),
        ('margins = ["ten"]', 'estimand = "lift"', "claim[1].estimand", "unknown word"),
        ('margins = ["ten"]', 'paragraph = "three"', "claim[1].paragraph", "whole number"),
        ('{ study = "a-2020", says', '{ study = "b-2020", says', "claim[1].nearest[1].study", "refers to nothing"),
        ('says = "s", ', "", "claim[1].nearest[1].says", "missing"),
        ('reading = "0.230"', "reading = 0.230", "claim[1].printed[1].reading", "not text"),
        ('reading = "0.230"', 'reading = "few"', "claim[1].printed[1].reading", "not a number"),
        ('reading = "0.230"', 'read = "0.230"', "claim[1].printed[1].read", "unknown key"),
        (
            'nearest = [{ study = "a-2020", says = "s", figures = ["a-2020/ratio"] }]\n',
            "",
            "claim[1].nearest",
            "missing",
        ),
        ('kind = "null"', 'kind = "nil"', "claim[1].kind", "unknown word"),
        ('kind = "null"', 'kind = "open"', "claim[1].reason", "missing"),
        ('id = "A1.1"', 'id = "A2.1"', "claim[1].id", "code of its article"),
        ('id = "A1.1"', 'id = "one"', "claim[1].id", "malformed"),
        ('id = "A1.2"', 'id = "A1.1"', "claim[2].id", "stands in"),
        ('cites = "a-2020"\n', "", "claim[2].cites", "missing"),
        ('cites = "a-2020"', 'cites = "b-2020"', "claim[2].cites", "refers to nothing"),
        ('cited_as = "[1]"\n', "", "claim[2].cited_as", "missing"),
        ('said = { year = "2012" }', "", "claim[2].said", "missing"),
        ('said = { year = "2012" }', 'said = "2012"', "claim[2].said", "not a table"),
        ('said = { year = "2012" }', 'said = { year = "12" }', "claim[2].said.year", "malformed"),
        ('said = { year = "2012" }', 'said = { design = "poem" }', "claim[2].said.design", "unknown word"),
        ('code = "A1"', 'code = "1"', "code", "malformed"),
        ("[[claim]]", "[[claims]]", "claim", "missing"),
    ],
)
def test_a_fault_in_an_article_is_found_where_it_is(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    assert old in ARTICLE
    count = -1 if old == "[[claim]]" else 1
    result = rg.check(write(tmp_path / "data", article=ARTICLE.replace(old, new, count)))
    found = [fault for fault in result.faults if fault.file == "articles/x.toml" and fault.key == key]
    assert any(problem in fault.problem for fault in found), result.summary()


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    study = STUDY.replace('p = "0.230"', "p = 0.23").replace('value = "2.0"', 'value = "9"')
    article = ARTICLE.replace('margins = ["ten"]', 'margins = ["eleven"]')
    margin = MARGIN.replace('value = "10"', 'value = "ten"')
    folder = write(tmp_path / "data", study=study, article=article, margin=margin)
    with pytest.raises(ks.RegisterError, match="4 faults") as raised:
        rg.load(folder)
    assert [(fault.file, fault.key, fault.value) for fault in raised.value.faults] == [
        ("articles/x.toml", "claim[1].margins[1]", "eleven"),
        ("margins.toml", "margin[1].value", "ten"),
        ("studies/a-2020.toml", "figure[1].value", "9"),
        ("studies/a-2020.toml", "outcome[1].p", "0.23"),
    ]
    assert rg.check(folder).faults == raised.value.faults
    assert pickle.loads(pickle.dumps(raised.value)).faults == raised.value.faults


def test_names_must_be_unique_over_all_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "data")
    (folder / "studies" / "b-2020.toml").write_text(STUDY.replace("a-2020", "b-2020"), encoding="utf-8")
    (folder / "articles" / "y.toml").write_text(ARTICLE.replace('key = "x"', 'key = "y"'), encoding="utf-8")
    found = {(fault.file, fault.key, fault.problem) for fault in rg.check(folder).faults}
    assert found == {
        ("studies/b-2020.toml", "doi", "stands in studies/a-2020.toml too"),
        ("articles/y.toml", "code", "stands in articles/x.toml too"),
        ("articles/y.toml", "claim[1].id", "stands in articles/x.toml too"),
        ("articles/y.toml", "claim[2].id", "stands in articles/x.toml too"),
    }


def test_a_near_miss_is_named(tmp_path: Path) -> None:
    article = ARTICLE.replace('outcomes = ["a-2020/response"]', 'outcomes = ["a-2020/respons"]')
    faults = rg.check(write(tmp_path / "data", article=article)).faults
    assert [fault.remedy for fault in faults] == ["Did you mean response?"]
    assert str(faults[0]) == (
        "articles/x.toml: claim[1].outcomes[1] is 'a-2020/respons': refers to nothing in the register. "
        "Did you mean response?"
    )


def test_faults_stand_in_the_table_and_the_text(tmp_path: Path) -> None:
    result = rg.check(write(tmp_path / "data", study=STUDY.replace('p = "0.230"', "p = 0.23")))
    rows = result.to_frame().query("row == 'fault'")
    assert list(rows["key"]) == ["outcome[1].p"]
    assert list(rows["value"]) == ["0.23"]
    assert "1 fault:" in result.summary()
    assert "A1.1" in result.summary()
