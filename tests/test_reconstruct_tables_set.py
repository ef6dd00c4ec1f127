"""A compatible set as an object: further constraints, effects, marginals, draws, and what would narrow it most."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

import ketastats as ks
from ketastats.errors import InvalidArgument, InvalidType, KetastatsError
from ketastats.numerics import table_measures, table_tests
from ketastats.reconstruct import CompatibleTables, tables

Table = tuple[int, int, int, int]


def rows_of(found: CompatibleTables) -> list[Table]:
    return [tuple(row) for row in np.stack([found.x1, found.n1, found.x2, found.n2], axis=1).tolist()]


# ---------------------------------------------------------------------------------------------- further numbers
NUMBERS: dict[str, Any] = {
    "p": "0.3",
    "statistic": "< 2",
    "z": "-0.9",
    "events": range(8, 14),
    "x1": range(2, 9),
    "n1": range(5, 15),
    "rate1": "33%",
    "rate2": "< 60%",
    "rate": "45%",
    "risk_difference": "> -0.4",
    "risk_ratio": {"value": "< 1", "ci": ("0.2", None), "method": ("log", "koopman")},
    "odds_ratio": "< 0.9",
    "phi": {"value": "0.2", "signed": False},
}


@settings(max_examples=80)
@given(st.permutations(list(NUMBERS)), st.integers(1, 2), st.integers(1, 3), st.integers(18, 26))
def test_where_is_as_if_all_had_been_given_at_once(names: list[str], before: int, more: int, n: int) -> None:
    first, second = names[:before], names[before : before + more]
    test = ("pearson", "lr") if set(NUMBERS) & {"p", "statistic", "z"} & set(first) else None
    if {"p", "statistic", "z"} & set(second) and test is None:
        return
    sizes = {"n": n, "n1": NUMBERS["n1"]} if "n1" in first else {"n": n}
    start = {name: NUMBERS[name] for name in first if name != "n1"}
    if not start:
        return
    found = tables(**sizes, **start, test=test)
    rest = found.where(**{name: NUMBERS[name] for name in second})
    together = {"n": n, **{name: NUMBERS[name] for name in (*first, *second)}}
    once = tables(**together, test=test)
    assert rows_of(rest) == rows_of(once)
    assert rest.labelled == once.labelled
    np.testing.assert_array_equal(rest.printed_by, once.printed_by)
    assert rest.alternatives.keys() == once.alternatives.keys()
    for name, (options, prints) in once.alternatives.items():
        assert rest.alternatives[name][0] == options
        np.testing.assert_array_equal(rest.alternatives[name][1], prints)
    # Another constraint never adds a table, whichever way round.
    either = {*rows_of(found), *((c, m, a, k) for a, k, c, m in rows_of(found))}
    assert set(rows_of(rest)) <= either


def test_where_says_what_it_removed_and_keeps_what_was_printed() -> None:
    found = tables(n=83, p="0.230", test="pearson")
    rest = found.where(n1=37).where(rate1="18.9%")
    assert rows_of(rest) == [(7, 37, 14, 46)]
    assert rest.steps == ("n1 = 37 removed 12 of 14 tables", "rate1 = 18.9% removed 1 of 2 tables")
    assert rest.printed == {**found.printed, "n1": "= 37", "rate1": "= 18.9%"}
    assert rest.steps[0] in rest.summary()
    assert rest.labelled
    assert not any("told apart" in sentence for sentence in rest.assumptions)
    # What was found before stays as it was.
    assert len(found) == 14
    assert not found.steps


def test_a_p_of_another_test_stands_beside_the_first() -> None:
    found = tables(n1=37, n2=46, p="0.230", test="pearson")
    exact = table_tests.pvalue("fisher", found.x1, found.n1, found.x2, found.n2)
    text = f"{exact[0]:.3f}"
    rest = found.where(p=text, test="fisher")
    assert rows_of(rest) == [row for row, p in zip(rows_of(found), exact, strict=True) if f"{p:.3f}" == text]
    assert rest.printed["p (2)"] == f"= {text} (fisher)"
    assert rest.tests == ("pearson",)
    assert found.where(p="0.230").printed["p (2)"] == "= 0.230"


def test_what_contradicts_the_set_is_named_first() -> None:
    found = tables(n=83, p="0.230", test="pearson")
    rest = found.where(events=21, rate1="12%", n1=37)
    assert not rest
    assert rest.emptied_by == "rate1"
    assert rest.where(n1=40).emptied_by == "rate1"
    assert "removed 14 of 14" in rest.steps[0]
    assert found.where(events=[40], p="0.9").emptied_by == "events"


@pytest.mark.parametrize(
    ("given_words", "argument", "kind"),
    [
        ({}, "where", InvalidArgument),
        ({"rate3": "12%"}, "where", InvalidArgument),
        ({"rate1": 0.12}, "rate1", InvalidType),
        ({"p": "0.1", "test": "t"}, "test", InvalidArgument),
        ({"rate1": "12%", "rounding": "bankers"}, "rounding", InvalidArgument),
    ],
)
def test_what_where_cannot_use_is_named(given_words: dict[str, Any], argument: str, kind: type[KetastatsError]) -> None:
    with pytest.raises(kind) as caught:
        tables(n=83, p="0.230", test="pearson").where(**given_words)
    assert caught.value.argument == argument  # type: ignore[attr-defined]


def test_a_set_without_a_test_needs_the_name_of_one() -> None:
    found = tables(n1=10, n2=12, events=9)
    with pytest.raises(InvalidArgument, match="never guessed"):
        found.where(p="0.2")
    assert rows_of(found.where(p="< 0.2", test="fisher")) == rows_of(
        tables(n1=10, n2=12, events=9, p="< 0.2", test="fisher")
    )


# ------------------------------------------------------------------------------------- effects, marginals, random draws
def test_effects_are_the_ends_over_all_tables() -> None:
    found = tables(n=40, p="0.3", test="pearson", events=range(1, 8))
    frame = found.effects().set_index("effect")
    assert list(frame.columns) == ["low", "high", "distinct", "undefined"]
    exact = {
        "rate1": [Fraction(a, n) for a, n, c, m in rows_of(found)],
        "risk_difference": [Fraction(a, n) - Fraction(c, m) for a, n, c, m in rows_of(found)],
        "risk_ratio": [Fraction(a * m, c * n) if c else None for a, n, c, m in rows_of(found)],
    }
    assert None in exact["risk_ratio"]
    for name, values in exact.items():
        finite = [value for value in values if value is not None]
        assert frame.loc[name, "low"] == pytest.approx(float(min(finite)), abs=1e-15)
        high = np.inf if None in values else float(max(finite))
        assert frame.loc[name, "high"] == pytest.approx(high, abs=1e-15)
        assert frame.loc[name, "distinct"] == len(set(values))
    assert (frame["undefined"] == 0).all()


def test_effects_that_no_table_has_are_left_out() -> None:
    found = tables(n1=5, n2=6, events=0)
    frame = found.effects().set_index("effect")
    assert "risk_ratio" not in frame.index
    assert frame.loc["risk_difference", ["low", "high"]].tolist() == [0.0, 0.0]
    empty = tables(n=83, p="0.230", test="pearson", events=40).effects()
    assert len(empty) == 0
    assert list(empty.columns) == ["effect", "low", "high", "distinct", "undefined"]
    some = tables(n1=5, n2=6, events=[0, 1]).effects().set_index("effect")
    assert some.loc["odds_ratio", "undefined"] == 1


@pytest.mark.parametrize("name", ["x1", "n1", "events", "n", "rate1", "risk_difference"])
def test_marginals_count_every_table_once(name: str) -> None:
    found = tables(n=range(40, 43), p="0.3", test="pearson")
    frame = found.marginal(name)
    assert list(frame.columns) == [name, "members", "share"]
    values = {
        "x1": found.x1.tolist(),
        "n1": found.n1.tolist(),
        "events": (found.x1 + found.x2).tolist(),
        "n": (found.n1 + found.n2).tolist(),
        "rate1": [Fraction(a, n) for a, n, _, _ in rows_of(found)],
        "risk_difference": [Fraction(a, n) - Fraction(c, m) for a, n, c, m in rows_of(found)],
    }[name]
    tally = Counter(values)
    assert frame["members"].tolist() == [tally[value] for value in sorted(tally)]
    assert frame["share"].sum() == pytest.approx(1)
    with pytest.raises(InvalidArgument, match="one of x1"):
        found.marginal("weight")


def test_counts_have_marginals_and_draws_too() -> None:
    found = ks.reconstruct.counts(n=range(1, 30), rate="71%")
    assert found.marginal("n")["members"].sum() == len(found)
    assert set(found.draw(50, rng=1)["n"]) <= set(found.n.tolist())
    with pytest.raises(InvalidArgument):
        found.marginal("events")


def test_draws_are_uniform_over_the_whole_set() -> None:
    found = tables(n=83, p="0.230", test="pearson")
    drawn = found.draw(100_000, rng=20)
    tally = Counter(zip(drawn["x1"], drawn["n1"], drawn["x2"], drawn["n2"], strict=True))
    assert set(tally) == set(rows_of(found))
    assert chisquare(list(tally.values())).pvalue > 0.001
    assert list(drawn.columns) == list(found.to_frame().columns)
    assert drawn.equals(found.draw(100_000, rng=20))
    assert not drawn.equals(found.draw(100_000, rng=21))
    empty = tables(n=83, p="0.230", test="pearson", events=40)
    assert len(empty.draw(5, rng=1)) == 0
    for size in (0, -1, 2.5, "many"):
        with pytest.raises(KetastatsError):
            found.draw(size)  # type: ignore[arg-type]
    with pytest.raises(InvalidType):
        found.draw(3, rng="seed")


# ------------------------------------------------------------------------------------------------- what would narrow it
def halves_up(value: Fraction, decimals: int) -> int:
    size = (2 * abs(value.numerator) * 10**decimals + value.denominator) // (2 * value.denominator)
    return -size if value < 0 else size


def printed_rate(row: Table, decimals: int) -> int:
    return halves_up(Fraction(row[0], row[1]), decimals)


@pytest.mark.parametrize("decimals", [1, 2, 3])
def test_what_is_left_by_brute_force(decimals: int) -> None:
    found = tables(n=40, p="0.3", test="pearson")
    rows = rows_of(found)
    # Either group may be the first of the report.
    oriented = [(row, at) for at, row in enumerate(rows)] + [((c, m, a, n), at) for at, (a, n, c, m) in enumerate(rows)]
    left: dict[int, set[int]] = defaultdict(set)
    for row, at in oriented:
        left[printed_rate(row, decimals)].add(at)
    sizes = [len(left[printed_rate(row, decimals)]) for row, _ in oriented]
    frame = found.most_informative("rate1", decimals=decimals)
    assert frame.iloc[0].to_dict() == {
        "figure": "rate1",
        "test": "",
        "decimals": decimals,
        "printed": len(left),
        "expected": pytest.approx(float(np.mean(sizes))),
        "most": max(sizes),
        "bits": pytest.approx(float(np.log2(len(rows)) - np.mean(np.log2(sizes)))),
    }


def test_what_is_left_is_what_where_would_leave() -> None:
    found = tables(n1=30, n2=33, p="> 0.2", test="pearson")
    frame = found.most_informative(decimals=2).set_index(["figure", "test"])
    for name, test in (("rate1", ""), ("risk_difference", ""), ("events", ""), ("p", "fisher"), ("statistic", "yates")):
        sizes = []
        for row in rows_of(found)[::41]:
            columns = [np.array([count]) for count in row]
            if name == "events":
                text: Any = row[0] + row[2]
            elif test:
                kernel = table_tests.pvalue(test, *columns) if name == "p" else table_tests.STATISTICS[test](*columns)
                text = f"{kernel[0]:.2f}"
            else:
                parts = table_measures.fraction(name, *row)
                assert parts is not None
                number = halves_up(Fraction(*parts), 2)
                text = f"{'-' if number < 0 else ''}{abs(number) // 100}.{abs(number) % 100:02d}"
            rest = found.where(**{name: text}, test=test or None, rounding="half_up")
            assert row in rows_of(rest)
            sizes.append(len(rest))
        assert max(sizes) <= frame.loc[(name, test), "most"]
        assert len(found) / frame.loc[(name, test), "printed"] <= frame.loc[(name, test), "expected"] * (1 + 1e-12)


def test_the_best_figure_comes_first_and_more_decimals_never_tell_less() -> None:
    found = tables(n=83, p="0.230", test="pearson")
    frame = found.most_informative()
    assert frame["expected"].is_monotonic_increasing
    assert set(frame["figure"]) == {
        *("n1", "events", "x1", "x2", "rate1", "rate2", "rate", "risk_difference", "risk_ratio", "odds_ratio", "phi"),
        *("p", "statistic"),
    }
    assert not frame[["expected", "bits", "most"]].isna().any().any()
    # The p that found the set tells nothing more.
    own = frame[(frame["figure"] == "p") & (frame["test"] == "pearson") & (frame["decimals"] == 3)]
    assert own["expected"].tolist() == [14.0]
    assert own["bits"].tolist() == [0.0]
    assert frame.loc[0, "expected"] == 1.0
    two, three = (found.most_informative("rate1", decimals=number)["bits"][0] for number in (2, 3))
    assert three >= two


def test_an_empty_set_asks_for_nothing_and_bad_questions_are_named() -> None:
    empty = tables(n=83, p="0.230", test="pearson", events=40)
    assert len(empty.most_informative()) == 0
    found = tables(n=20, p="0.3", test="pearson")
    for words, argument in (
        ({"figures": "weight"}, "figures"),
        ({"decimals": 9}, "decimals"),
        ({"tests": "t"}, "tests"),
        ({"figures": "rate1", "tests": "fisher"}, "tests"),
    ):
        with pytest.raises(KetastatsError) as caught:
            found.most_informative(**words)  # type: ignore[arg-type]
        assert caught.value.argument == argument  # type: ignore[attr-defined]


def test_a_ruling_can_depend_on_the_test_of_one_number() -> None:
    claim = ks.Claim(estimand="risk_difference", region=ks.within(0.25))
    common = {"n1": 60, "n2": 50, "events": 94, "risk_difference": "> 0"}
    rulings = [ks.judge(claim, tables(**common, p="0.1", test=name)).ruling for name in ("pearson", "fisher")]
    assert rulings == [ks.Ruling.ESTABLISHED, ks.Ruling.NOT_ESTABLISHED]
    verdict = ks.judge(claim, tables(**common, p={"value": "0.1", "test": ("pearson", "fisher")}))
    assert verdict.ruling == ks.Ruling.DEPENDS
    assert "the test of p" in verdict.summary()
