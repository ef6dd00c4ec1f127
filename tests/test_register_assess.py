"""What becomes of each claim of the register, and of claims made up to reach every rule."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

import ketastats as ks
from ketastats import Reported
from ketastats.register import (
    OUTCOMES,
    ArticleClaim,
    Assessment,
    Figure,
    Margin,
    Nearest,
    Outcome,
    Printed,
    Register,
    Said,
    Study,
    assess,
)
from ketastats.register._evidence import printed_figure, read_evidence, study_label
from ketastats.register._held import claimed_region

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCED = {"where": "abstract", "source": "a study", "status": "direct", "sure": "high"}


@pytest.fixture(scope="module")
def register() -> Register:
    return ks.register.load(DATA)


# ----------------------------------------------------------------------------------------------- the claims of the five
# From what is known of the sources: which claim repeats its source, which misquotes it, and which prints nothing.
EXPECTED = {
    "A1.1": "not established", "A1.2": "source agrees", "A1.3": "no ruling", "A1.4": "depends",
    "A1.5": "not established", "A1.6": "not established", "A1.7": "no ruling", "A1.8": "not established",
    "A1.9": "no ruling", "A1.10": "no ruling", "A1.11": "depends",
    "A2.1": "source differs", "A2.2": "source differs", "A2.3": "no ruling", "A2.4": "no ruling",
    "A3.1": "no ruling", "A3.2": "no ruling", "A3.3": "no ruling", "A3.4": "no ruling", "A3.5": "no ruling",
    "A4.1": "refuted", "A4.2": "source differs", "A4.3": "source agrees", "A4.4": "no ruling",
    "A5.1": "no ruling", "A5.2": "no ruling", "A5.3": "no ruling", "A5.4": "no ruling", "A5.5": "no ruling",
}  # fmt: skip


@pytest.fixture(scope="module")
def found(register: Register) -> dict[str, Assessment]:
    return {claim.id: assess(register, claim) for claim in register.claims}


def test_every_claim_has_its_outcome(found: dict[str, Assessment]) -> None:
    assert {key: result.outcome for key, result in found.items()} == EXPECTED
    assert set(EXPECTED.values()) <= set(OUTCOMES)
    for result in found.values():
        assert result.because.endswith(".")


def check(result: Assessment, reference: str, margin: str = "") -> ks.register.Check:
    (one,) = [one for one in result.checks if one.reference == reference and one.margin == margin]
    return one


def test_more_than_double_is_not_established_by_an_odds_ratio_from_137_to_301(found) -> None:
    li = check(found["A1.1"], "li-2016/depression")
    assert (li.ruling, li.printed, li.against) == ("not established", "2.03 (1.37 to 3.01)", "odds_ratio above 2")
    assert "odds ratio in place of a risk ratio" in li.assumes[0]
    # Nelson 2017 lies wholly above 2, but whether in odds or risks is not said: no ruling.
    nelson = check(found["A1.1"], "nelson-2017/smallest")
    assert (nelson.ruling, nelson.because) == ("", "whether odds or risks is not said")
    assert found["A1.1"].lacks == ("no source",)


def test_the_reported_nulls_are_ruled_as_the_library_rules_them(found, register: Register) -> None:
    for key, name in (("A1.5", "response"), ("A1.6", "remission")):
        data = ks.reconstruct.tables(n=83, p=register.outcome(f"johnson-2025/{name}").p.text, test="pearson")
        for margin in register.claim(key).margins:
            record = register.margin(margin)
            size = float(record.size)
            region = ks.within(1 / size, size) if record.scale == "odds_ratio" else ks.within(size)
            verdict = ks.judge(ks.Claim(estimand=record.scale, region=region), data)
            one = check(found[key], f"johnson-2025/{name}", margin)
            assert (one.ruling, one.threshold) == (str(verdict.ruling), verdict.threshold_margin)
            assert one.ruling == "not established"
    symptoms = {one.margin: one.ruling for one in found["A1.4"].checks if one.role == "own numbers"}
    assert symptoms["cuijpers-0.24"] == "not established"
    assert symptoms["cuijpers-0.50"] == symptoms["moncrieff-0.875"] == "depends"
    assert symptoms["nice-qids-2.3"] == ""
    assert "SD" in check(found["A1.4"], "johnson-2025/symptoms", "nice-qids-2.3").because
    assert "linear mixed models" in check(found["A1.4"], "johnson-2025/symptoms", "cuijpers-0.24").assumes[0]
    assert found["A1.4"].decides == ("the margin", "the group sizes")


def test_equivalence_at_024_is_established_for_conventional_treatment(found) -> None:
    pooled = [one for one in found["A1.4"].checks if one.reference == "kuzminskaite-2022/active-outcome"]
    assert {one.margin: one.ruling for one in pooled} == dict.fromkeys(
        ["cuijpers-0.24", "cuijpers-0.50", "moncrieff-0.875"], "established"
    )
    assert "read as 95 %" in pooled[0].assumes[0]


def test_the_headline_is_not_established_at_any_pair_of_margins(found) -> None:
    own = [one for one in found["A1.8"].checks if one.role == "own numbers"]
    assert len(own) == 5 * 3
    assert {one.ruling for one in own} == {"not established"}
    assert "A1.7" in found["A1.8"].because


def test_seventy_percent_is_refuted_by_comparable_samples_and_open_in_others(found) -> None:
    rulings = {one.reference: one.ruling for one in found["A1.11"].checks}
    assert rulings == {
        "murrough-2013/response": "not established",  # 17 of 24
        "diazgranados-2010/response-ketamine": "not established",  # 5 of 7, 10 of 14 or 12 of 17
        "private-clinic-424/response-six-weeks": "depends",  # 50 % of up to 424
        "private-clinic-424/response-ten-infusions": "not established",
        "mcintyre-2020/response": "refuted",  # 51 or 52 of 190
        "crtce-bipolar/response": "refuted",  # 35 % of up to 66: with 17 or more, since fewer cannot print it
        "mcinnes-2022/response": "refuted",  # 53.6 % of 537
        "elekt-d-2023/response-ketamine": "refuted",  # 55.4 % of 195
        "alnefeesi-2022/response": "refuted",  # 45 % +- 10 %
        "johnson-2025/mean-fall": "",
    }
    assert found["A1.11"].decides[0] == "which source is meant"


def test_one_third_is_not_the_share_that_one_antidepressant_leaves(found) -> None:
    assert check(found["A4.1"], "trivedi-2006/no-response").ruling == "refuted"
    assert check(found["A4.1"], "rush-2006/no-remission-after-four").because == "other quantity"
    assert "Not ruled: Rush 2006 (33% and 67%); other quantity." in found["A4.1"].because
    # "About" would have to stretch over more than twenty points.
    assert check(found["A4.1"], "trivedi-2006/no-response").threshold[0] > 0.20


def test_the_three_citations_differ_from_their_sources(found) -> None:
    assert found["A2.1"].decides == ("journal", "design")
    assert found["A2.2"].decides == ("journal", "population")
    assert found["A4.2"].decides == ("year",)
    candidates = {one.reference: one.because for one in found["A4.2"].checks if one.role == "source"}
    assert set(candidates) == {"zarate-2006", "diazgranados-2010", "zarate-2012"}
    assert all(candidates.values())


def test_earlier_studies_are_counted_by_direction(found) -> None:
    assert "Of four studies two agree, one agrees in part, one disagrees." in found["A1.9"].because


def test_a_number_that_the_source_has_too_agrees(found) -> None:
    assert found["A1.2"].because == "Johnson 2025 has the same: sample size 83, infusions per course 4."
    assert found["A4.3"].because == "Zarate 2006 has the same: weeks that the effect lasted 1."


def test_articles_without_numbers_get_no_ruling(found) -> None:
    for key, result in found.items():
        if key.startswith(("A3", "A5")):
            assert (result.outcome, result.lacks) == ("no ruling", ("no number", "no source"))
    assert found["A1.7"].lacks == ("no number",)
    lacking = Counter(result.lacks for result in found.values() if result.outcome == "no ruling")
    assert lacking == {("no number", "no source"): 14, ("no number",): 3}


def test_an_assessment_can_be_read_and_tabulated(found, register: Register) -> None:
    frame = found["A1.1"].to_frame()
    assert list(frame.columns[:4]) == ["claim", "outcome", "role", "reference"]
    assert len(frame) == len(found["A1.1"].checks)
    text = found["A1.1"].summary()
    assert "Outcome: not established" in text
    assert "Lacks: no source" in text
    assert "What decides: the margin, the group sizes" in found["A1.4"].summary()
    claim = ArticleClaim(id="A9.1", article="a", kind="open", text="<b>It</b> helps.", where="title", reason="None.")
    assert "&lt;b&gt;It&lt;/b&gt;" in assess(register, claim)._repr_html_()


# ------------------------------------------------------------------------------------------------------- made-up claims
def figure(value: str, unit: str = "proportion", **more: object) -> Figure:
    return Figure(name="share", unit=unit, value=Reported(value), **SOURCED, **more)


def study(*figures: Figure, key: str = "a-2020", **more: object) -> Study:
    return Study(key=key, finding="Something.", figures=figures, **SOURCED, **more)


def claim(**more: object) -> ArticleClaim:
    given = {"id": "A9.1", "article": "an-article", "kind": "quantity", "text": "So it is.", "where": "paragraph 1"}
    return ArticleClaim(**(given | more))


def near(key: str = "a-2020", bears: str = "") -> Nearest:
    return Nearest(study=key, says="It says so.", figures=(f"{key}/share",), bears=bears)


def in_register(*studies: Study, margins: tuple[Margin, ...] = ()) -> Register:
    return Register(articles=(), studies=studies, margins=margins)


def ten_points(scale: str = "risk_difference", value: str = "10", unit: str = "percentage_points") -> Margin:
    return Margin(key=f"{scale}-{value}", scale=scale, value=Reported(value), unit=unit, study="a-2020", **SOURCED)


def share(text: str) -> tuple[Printed, ...]:
    return (Printed(text=text, what="share", reading=Reported(text)),)


@pytest.mark.parametrize(
    ("reading", "region"),
    [
        ("70%", ks.within(0.695, 0.705)),
        ("> 2", ks.above(2)),
        (">= 2", ks.above(2)),
        ("< 50%", ks.below(0.5)),
        ("<= 50%", ks.below(0.5)),
    ],
)
def test_a_printed_number_claims_its_rounding_interval_or_what_lies_beyond_it(reading: str, region: ks.Region) -> None:
    assert claimed_region(Reported(reading)) == region


def test_evidence_that_agrees_rules_and_evidence_that_does_not_makes_it_depend() -> None:
    over_half = claim(estimand="proportion", printed=share("> 50%"), nearest=(near(), near("b-2020")))
    many = study(figure("80%", n=200))
    both = in_register(many, study(figure("90%", n=50), key="b-2020"))
    assert assess(both, over_half).outcome == "established"
    one = in_register(many, study(figure("20%", n=50), key="b-2020"))
    result = assess(one, over_half)
    assert result.outcome == "depends"
    assert result.decides == ("which source is meant",)
    assert result.because == "Established by a-2020 (80%); refuted by b-2020 (20%)."
    apart = claim(estimand="proportion", printed=share("> 50%"), nearest=(near(), near("b-2020", "other quantity")))
    assert assess(one, apart).outcome == "established"


def test_evidence_that_cannot_be_read_leaves_no_ruling() -> None:
    over_half = claim(estimand="proportion", printed=share("> 50%"), nearest=(near(),), studies=("a-2020",))
    nobody = assess(in_register(study(figure("80%"))), over_half)
    assert (nobody.outcome, nobody.because, nobody.lacks) == ("no ruling", "Nothing near it can be ruled on.", ())
    assert nobody.checks[0].because == "how many people it rests on is not said"
    alone = claim(estimand="proportion", printed=share("> 50%"))
    assert assess(in_register(), alone).because == "There is nothing to hold it against."
    # A claim of direction is not ruled on by a number that its words do not name.
    words = claim(kind="direction", estimand="proportion", printed=share("> 50%"), nearest=(near(),), reason="Words.")
    assert assess(in_register(study(figure("80%", n=200))), words).outcome == "no ruling"


def test_a_figure_is_read_with_its_interval_or_as_counts() -> None:
    plus_minus = figure("45%", plus_minus=Reported("10%"), level=Reported("95%"))
    read = read_evidence(plus_minus, study())
    interval = read.data.confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((0.35, 0.55))
    assert printed_figure(plus_minus) == "45% \u00b1 10%"
    ninety = figure("2.0", "odds_ratio", low=Reported("1.0"), high=Reported("4.0"), level=Reported("90%"))
    interval = read_evidence(ninety, study()).data.confidence_interval(0.90)
    assert (interval.low, interval.high) == pytest.approx((1.0, 4.0))
    assert read_evidence(ninety, study()).assumes == ()
    unstated = figure("1.5", "qids_points", low=Reported("-1"), high=Reported("4"))
    read = read_evidence(unstated, study())
    assert read.scale == "mean_difference"
    assert read.assumes == ("the level of the interval is not stated: read as 95 %",)
    some = read_evidence(figure("50%"), study(n=6))
    assert some.data.n.tolist() == [2, 4, 6]
    assert "any number" in some.assumes[0]
    assert read_evidence(figure("0.4", "smd"), study()).why_not == "no interval is printed"
    assert read_evidence(figure("3", "studies"), study()).why_not == "no scale to rule on"
    assert read_evidence(figure("> 40%", n=30), study()).data is None


def test_studies_are_cited_by_first_author_and_year() -> None:
    assert study_label(study(authors="Li, D'Arcy, Meng", year=2016)) == "Li 2016"
    assert study_label(study(authors="McIntyre and others", year=2020)) == "McIntyre 2020"
    assert study_label(study(authors="Zarate")) == "Zarate"
    assert study_label(study(year=2020)) == "a-2020"


def test_a_source_that_has_another_number_differs() -> None:
    people = Printed(text="84 adults", what="sample size", reading=Reported("84"), found_in="a-2020")
    infusions = Printed(text="four", what="infusions", reading=Reported("4"), found_in="a-2020/share")
    words = Printed(text="quickly", what="speed")
    result = assess(
        in_register(study(figure("4", "infusions"), n=83)),
        claim(printed=(people, infusions, words), studies=("a-2020",)),
    )
    assert result.outcome == "source differs"
    assert result.because == "a-2020 has 83, not 84 adults: sample size."
    assert [one.ruling for one in result.checks] == ["differs", "agrees"]


@pytest.mark.parametrize(
    ("article", "source", "same"),
    [
        ("84", "83", False),  # their rounding intervals touch at 83.5
        ("70%", "70.8%", False),  # which rounds to 71 %
        ("71%", "70.8%", True),
        ("70.8%", "71%", True),
        ("0.71", "70.8%", True),
        ("<= 1", "1", True),
        ("< 1", "1", True),  # 1 may stand for 0.6
        ("> 2", "1", False),
        ("> 2", "<= 2", False),
    ],
)
def test_two_printed_numbers_are_the_same_if_one_rounds_to_the_other(article: str, source: str, same: bool) -> None:
    printed = Printed(text=article, what="share", reading=Reported(article), found_in="a-2020/share")
    result = assess(in_register(study(figure(source))), claim(printed=(printed,)))
    assert result.outcome == ("source agrees" if same else "source differs")


def test_a_citation_that_fits_agrees() -> None:
    cited = claim(kind="citation", cites="a-2020", cited_as="A 2020", said=Said(year=2020), nearest=(near(),))
    result = assess(in_register(study(figure("80%", n=200), year=2020)), cited)
    assert (result.outcome, result.decides) == ("source agrees", ())
    assert [one.role for one in result.checks] == ["source", "nearest evidence"]
    two = claim(kind="citation", cites="b-2020", candidates=("a-2020",), cited_as="?", said=Said(year=2020))
    assert assess(in_register(study(year=2020), study(key="b-2020", year=1999)), two).outcome == "source agrees"


def reported(**more: object) -> Study:
    given = {"name": "response", "p": Reported("0.9"), "n": 400, "test": "pearson"} | SOURCED
    return Study(key="a-2020", finding="Nothing.", outcomes=(Outcome(**(given | more)),), **SOURCED)


def test_a_reported_null_can_be_established_and_needs_its_numbers() -> None:
    null = claim(
        kind="null", estimand="risk_difference", studies=("a-2020",), outcomes=("a-2020/response",),
        margins=("risk_difference-90",),
    )  # fmt: skip
    wide = (ten_points(value="90"),)
    assert assess(in_register(reported(), margins=wide), null).outcome == "established"
    unnamed = assess(in_register(reported(test="mixed_model"), margins=wide), null)
    assert (unnamed.outcome, unnamed.because) == (
        "no ruling",
        "the test is mixed model, which no table reproduces",
    )
    assert assess(in_register(reported(n=None), margins=wide), null).because == "the number analysed is not printed"
    both = claim(
        kind="null", estimand="risk_difference", studies=("a-2020",), outcomes=("a-2020/response",),
        margins=("risk_difference-90", "risk_difference-1"),
    )  # fmt: skip
    result = assess(in_register(reported(), margins=(*wide, ten_points(value="1"))), both)
    assert result.outcome == "depends"
    assert result.decides[0] == "the margin"


def test_a_part_without_numbers_keeps_the_whole_from_being_established() -> None:
    part = claim(
        id="A9.2", kind="null", estimand="risk_difference", outcomes=("a-2020/response",),
        margins=("risk_difference-90",),
    )  # fmt: skip
    silent = claim(id="A9.3", kind="null")
    article = ks.register.Article(key="an-article", code="A9", about="An example.", claims=(part, silent))
    whole = Register(articles=(article,), studies=(reported(),), margins=(ten_points(value="90"),))
    assert assess(whole, claim(kind="null", parts=("A9.2",))).outcome == "established"
    result = assess(whole, claim(kind="null", parts=("A9.2", "A9.3")))
    assert result.outcome == "not established"
    assert result.because.endswith("No number is printed for A9.3.")


def test_parts_at_margins_that_disagree_depend_on_the_margin() -> None:
    part = claim(
        id="A9.2", kind="null", estimand="risk_difference", outcomes=("a-2020/response",),
        margins=("risk_difference-90", "risk_difference-1"),
    )  # fmt: skip
    article = ks.register.Article(key="an-article", code="A9", about="An example.", claims=(part,))
    margins = (ten_points(value="90"), ten_points(value="1"))
    result = assess(
        Register(articles=(article,), studies=(reported(),), margins=margins), claim(kind="null", parts=("A9.2",))
    )
    assert result.outcome == "depends"
    assert result.because == "Of 2 choices of margins: established in 1, not established in 1."
    assert result.decides == ("the margin",)
    silent = Register(articles=(article,), studies=(reported(test="mixed_model"),), margins=margins)
    nothing = assess(silent, claim(kind="null", parts=("A9.2",)))
    assert (nothing.outcome, nothing.because) == ("no ruling", "None of its parts has numbers to rule on.")


def test_evidence_on_another_quantity_is_counted_as_such() -> None:
    words = claim(
        kind="direction", reason="Words.", nearest=(near(bears="other quantity"), near("b-2020", "disagrees"))
    )
    both = in_register(study(figure("80%", n=9)), study(figure("20%", n=9), key="b-2020"))
    because = assess(both, words).because
    assert because == "Words. Of two studies one has another quantity, one disagrees."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("data", "A1.1"), "register is 'data'; allowed: a Register"),
        ((in_register(), "A9.9"), "claim is 'A9.9'; allowed: one of nothing"),
        ((in_register(), 3), "claim is 3; allowed: an ArticleClaim"),
    ],
)
def test_arguments_that_are_no_records_are_refused(arguments, message: str) -> None:
    with pytest.raises(ks.KetastatsError, match=message):
        assess(*arguments)


# ----------------------------------------------------------------------------------------------- the words in the files
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('bears = "disagrees"', 'bears = "disagree"', "Did you mean disagrees"),
        ('found_in = "johnson-2025/infusions"', 'found_in = "johnson-2025/infusion"', "Did you mean infusions"),
        ('found_in = "johnson-2025" }', 'found_in = "johnson-2024" }', "Did you mean johnson-2025"),
        ('reading = "83", what', "what", "Write the number that the words stand for"),
    ],
)
def test_faults_of_what_evidence_says_are_found(tmp_path: Path, old: str, new: str, fault: str) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    article = copy / "articles" / "trauma-link.toml"
    text = article.read_text(encoding="utf-8")
    assert text.count(old) == 1
    article.write_text(text.replace(old, new), encoding="utf-8")
    result = ks.register.check(copy)
    assert result.exit_code == 1
    assert any(fault in str(one) for one in result.faults), result.summary()
