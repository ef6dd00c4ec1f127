"""Printed numbers: which values print so, by printing them."""

from __future__ import annotations

import decimal
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import ketastats as ks
from ketastats import Interval, Reported, Rounding
from ketastats.errors import InvalidArgument, InvalidType

MODES = {
    "half_up": (decimal.ROUND_HALF_UP,),
    "half_even": (decimal.ROUND_HALF_EVEN,),
    "half": (decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN),
    "truncate": (decimal.ROUND_DOWN,),
    "up": (decimal.ROUND_UP,),
    "half_down": (decimal.ROUND_HALF_DOWN,),
    "floor": (decimal.ROUND_FLOOR,),
    "ceiling": (decimal.ROUND_CEILING,),
}
THRESHOLDS = tuple(f"{kind}_{tenths}" for kind in ("up_from", "up_above") for tenths in range(1, 10))
RULES = tuple(MODES)


def printed(value: Decimal, decimals: int, rule: str) -> set[Decimal]:
    """What Python's own decimal arithmetic prints; -0 is 0."""
    unit = Decimal(1).scaleb(-decimals)
    return {value.quantize(unit, rounding=mode) + 0 for mode in MODES[rule]}


@pytest.mark.parametrize("rule", RULES)
def test_the_interval_holds_exactly_the_values_that_print_so(rule: str) -> None:
    for text in ("0.23", "0.00", "1.00", "-0.05", "0.1", "7", "0", "-3", "19.99", "0.05"):
        reported = Reported(text, rounding=rule)
        target = Decimal(text) + 0
        for step in range(-220, 221):
            # Steps of a twentieth of the last digit meet every edge and both its sides.
            value = target + Decimal(step) * Decimal("0.05").scaleb(-reported.decimals)
            assert (value in reported.interval) == (target in printed(value, reported.decimals, rule)), value


@given(
    value=st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=6),
    decimals=st.integers(0, 6),
    rule=st.sampled_from(RULES),
)
def test_a_value_is_in_the_interval_of_what_it_prints(value: Decimal, decimals: int, rule: str) -> None:
    for text in printed(value, decimals, rule):
        assert value in Reported(f"{text:f}", rounding=rule).interval
        assert Fraction(value) in Reported(f"{text:f}", rounding=rule).interval


@given(st.integers(-(10**6), 10**6), st.integers(0, 5), st.sampled_from(RULES))
def test_more_digits_never_widen_the_interval(number: int, decimals: int, rule: str) -> None:
    text = f"{Decimal(number).scaleb(-decimals):f}"
    text = text if "." in text else text + "."
    short, long = (Reported(text + zeros, rounding=rule).interval for zeros in ("", "0"))
    assert short.low <= long.low <= long.high <= short.high
    assert long.intersect(short) == long


def threshold(value: Decimal, decimals: int, rule: str) -> Decimal:
    """Away from zero when the part that is cut off reaches, or passes, so many tenths of the last digit."""
    kind, tenths = rule.rsplit("_", 1)
    whole, tenth_parts = divmod(abs(Fraction(value)) * 10 ** (decimals + 1), 10)
    goes_up = tenth_parts >= int(tenths) if kind == "up_from" else tenth_parts > int(tenths)
    return (int(whole) + goes_up) * Decimal(1).scaleb(-decimals) * (-1 if value < 0 else 1) + 0


@pytest.mark.parametrize("rule", THRESHOLDS)
def test_a_threshold_cuts_where_it_says(rule: str) -> None:
    for text in ("0.23", "0.00", "-0.05", "7", "0", "-3"):
        reported = Reported(text, rounding=rule)
        for step in range(-45, 46):
            value = Decimal(text) + Decimal(step) * Decimal("0.05").scaleb(-reported.decimals)
            expected = threshold(value, reported.decimals, rule)
            assert (value in reported.interval) == (expected == Decimal(text)), value
            assert [number + 0 for number in Rounding(rule).printed(value, reported.decimals)] == [expected]


def test_every_rule_is_tested() -> None:
    assert {*RULES, *THRESHOLDS} == set(map(str, Rounding))
    half = [Reported("4.5", rounding=rule).interval for rule in ("half_up", "up_from_5", "half_down", "up_above_5")]
    assert half[0] == half[1] == Interval(Decimal("4.45"), Decimal("4.55"), True, False)
    assert half[2] == half[3] == Interval(Decimal("4.45"), Decimal("4.55"), False, True)


@given(
    value=st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=6),
    decimals=st.integers(0, 6),
    rule=st.sampled_from(RULES),
)
@example(value=Decimal("-0.005"), decimals=2, rule="half")
def test_what_a_value_prints_as_is_what_decimal_arithmetic_says(value: Decimal, decimals: int, rule: str) -> None:
    found = Rounding(rule).printed(value, decimals)
    assert set(found) == printed(value, decimals, rule)
    assert list(found) == sorted(found)
    assert all(-int(number.as_tuple().exponent) == decimals for number in found)


def test_what_cannot_be_printed_is_refused() -> None:
    for value in (0.5, "0.5", None, Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises((InvalidType, InvalidArgument), match="value is"):
            Rounding.HALF.printed(value, 2)  # type: ignore[arg-type]
    for decimals in (-1, 1.5, 10**6, "2"):
        with pytest.raises((InvalidType, InvalidArgument), match="decimals is"):
            Rounding.HALF.printed(1, decimals)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("-0.0", "floor", Interval(Decimal("0.0"), Decimal(0))),
        ("-0.0", "ceiling", Interval(Decimal("-0.1"), Decimal("0.0"), False, True)),
        ("-1.2", "floor", Interval(Decimal("-1.2"), Decimal("-1.1"), True, False)),
        ("-1.2", "ceiling", Interval(Decimal("-1.3"), Decimal("-1.2"), False, True)),
    ],
)
def test_floor_and_ceiling_keep_their_direction_below_zero(text: str, rule: str, expected: Interval) -> None:
    assert Reported(text, rounding=rule).interval == expected


@pytest.mark.parametrize(
    ("text", "value", "relation", "percent", "decimals"),
    [
        ("0.230", "0.230", "=", False, 3),
        (".23", "0.23", "=", False, 2),
        ("0.2300", "0.2300", "=", False, 4),
        ("23%", "23", "=", True, 0),
        ("23.0 %", "23.0", "=", True, 1),
        ("70 percent", "70", "=", True, 0),
        ("p = 0.572", "0.572", "=", False, 3),
        ("P=.04", "0.04", "=", False, 2),
        ("p<.001", "0.001", "<", False, 3),
        ("< .001", "0.001", "<", False, 3),
        ("<0.001", "0.001", "<", False, 3),
        ("\u2264 0.05", "0.05", "<=", False, 2),
        ("\u22650.05", "0.05", ">=", False, 2),
        (">= .05", "0.05", ">=", False, 2),
        ("== 0.5", "0.5", "=", False, 1),
        ("ns", "0.05", ">", False, 2),
        ("n.s.", "0.05", ">", False, 2),
        ("p = NS", "0.05", ">", False, 2),
        ("\u22120.53", "-0.53", "=", False, 2),
        ("-0.53", "-0.53", "=", False, 2),
        ("0\u00b723", "0.23", "=", False, 2),
        ("1.2e-5", "0.000012", "=", False, 6),
        ("1E3", "1E+3", "=", False, 0),
        ("11,455", "11455", "=", False, 0),
        ("1,234,567.8", "1234567.8", "=", False, 1),
        ("\u00a00.23 ", "0.23", "=", False, 2),
        ("2.", "2", "=", False, 0),
        ("007", "7", "=", False, 0),
        ("p-value = 0.050", "0.050", "=", False, 3),
        ("P value < .001", "0.001", "<", False, 3),
        ("not significant", "0.05", ">", False, 2),
        ("p = non-significant", "0.05", ">", False, 2),
        ("N. S.", "0.05", ">", False, 2),
    ],
)
def test_what_people_print_is_read(text: str, value: str, relation: str, percent: bool, decimals: int) -> None:
    reported = Reported(text)
    assert reported.value == Decimal(value)
    assert (reported.relation, reported.percent, reported.decimals) == (relation, percent, decimals)
    assert reported.text == text == str(reported)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "-", "+", "=", "<", "p", "p =", "p 0.05", "0,23", "1,23,456", "12,34.5", "0.2.3", "0.23*",
        "0.23 to 0.4", "1e", "1e99999", "1e500", "0e9999", "nan", "inf", "-Infinity", "1_000", "0x10", "%", "23%%",
        "\u0665", "\uff15", "not sig", "p = about a half", "0.2\n0.3", "9" * 65, "1" + "0" * 10**6, "<< 0.05",
        "= = 0.05", "--1", "1 2", "\u202e0.23",
    ],
)  # fmt: skip
def test_what_is_not_a_printed_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        Reported(text)
    assert caught.value.argument == "text"
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [0.23, 1, None, True, b"0.23", Decimal("0.23"), ["0.23"], np.float64(0.23)])
def test_a_number_is_refused_because_its_digits_are_lost(value: object) -> None:
    with pytest.raises(InvalidType, match="lost its printed digits"):
        Reported(value)  # type: ignore[arg-type]


def test_a_decimal_comma_is_named_as_the_fault() -> None:
    with pytest.raises(InvalidArgument, match="decimal point"):
        Reported("0,23")


@pytest.mark.parametrize("rounding", ["nearest", "", "HALF", None, 3])
def test_unknown_rules_are_refused(rounding: object) -> None:
    with pytest.raises((InvalidArgument, InvalidType), match="half_even"):
        Reported("0.23", rounding=rounding)  # type: ignore[arg-type]


def test_relations_and_percentages_have_the_intervals_that_they_say() -> None:
    infinity = Decimal("Infinity")
    assert Reported("< .001").interval == Interval(-infinity, Decimal(".001"), False, False)
    assert Reported("<= .001").interval == Interval(-infinity, Decimal(".001"), False, True)
    assert Reported("> .05").interval == Interval(Decimal(".05"), infinity, False, False)
    assert Reported(">= .05").interval == Interval(Decimal(".05"), infinity, True, False)
    assert Reported("12.5%").interval == Interval(Decimal("12.45"), Decimal("12.55"))
    assert Reported("12.5%").proportion == Interval(Decimal("0.1245"), Decimal("0.1255"))
    assert Reported("0.125").proportion == Reported("0.125").interval
    assert Reported("> 70%").proportion == Interval(Decimal("0.7"), infinity, False, False)
    assert Fraction(10**30) in Reported("> 5").interval
    assert Fraction(-(10**30)) not in Reported("> 5").interval
    assert Fraction(-(10**30)) in Reported("< 5").interval


def test_a_signed_zero_was_negative_before_it_was_cut() -> None:
    interval = Reported("-0.0").interval
    assert Decimal("-0.05") in interval
    assert 0 in interval
    assert Decimal("0.01") not in interval
    assert Decimal("-0.06") not in interval


def test_ties_of_one_in_eight() -> None:
    """12.5 % prints as 12 by half to even and as 13 by half up; the default accepts both."""
    share = Fraction(1, 8) * 100
    inside = {
        (text, rule) for text in ("12%", "13%") for rule in RULES if share in Reported(text, rounding=rule).interval
    }
    assert inside == {
        ("12%", "half"), ("13%", "half"), ("13%", "half_up"), ("12%", "half_even"), ("12%", "truncate"), ("13%", "up"),
        ("12%", "half_down"), ("12%", "floor"), ("13%", "ceiling"),
    }  # fmt: skip


def test_the_callers_decimal_context_does_not_matter() -> None:
    expected = [Reported(text).interval for text in ("0.23045678", "123456.789%", "1e-300")]
    proportion = Reported("123456.789%").proportion
    with localcontext(prec=2) as context:
        context.traps[decimal.Inexact] = True
        context.traps[decimal.Rounded] = True
        assert [Reported(text).interval for text in ("0.23045678", "123456.789%", "1e-300")] == expected
        assert Reported("123456.789%").proportion == proportion
        assert Decimal("0.230456785") in expected[0]
        assert str(Reported("0.230").interval) == "[0.2295, 0.2305]"


def test_intervals_know_what_they_hold() -> None:
    closed = Interval(Decimal("0.1"), Decimal("0.3"))
    assert Fraction(1, 10) in closed
    assert 0 not in closed
    assert Decimal("0.3") in closed
    half_open = Interval(Decimal("0.3"), Decimal("0.5"), False, True)
    assert closed.intersect(half_open).empty
    assert half_open.intersect(closed).empty
    assert not closed.intersect(closed).empty
    assert Interval(Decimal(1), Decimal(0)).empty
    assert not Interval(Decimal(1), Decimal(1)).empty
    assert str(half_open) == "(0.3, 0.5]"
    assert closed.intersect(Interval(Decimal("0.1"), Decimal("0.3"), False, False)) == Interval(
        Decimal("0.1"), Decimal("0.3"), False, False
    )
    with pytest.raises(InvalidType, match="cannot decide a digit"):
        _ = 0.1 in closed


@pytest.mark.parametrize("value", [0.2, np.float32(0.2), np.float64(0.2), "0.2", None, Decimal("NaN"), 1j])
def test_what_cannot_decide_a_digit_is_refused(value: object) -> None:
    with pytest.raises((InvalidType, InvalidArgument)):
        _ = value in Reported("0.2").interval  # type: ignore[operator]


def test_infinities_lie_in_no_interval_of_printed_digits() -> None:
    assert Decimal("Infinity") not in Reported("0.2").interval
    assert np.int64(1) in Reported("1").interval


def test_equal_texts_are_equal_and_frozen() -> None:
    assert Reported("0.230") == Reported("0.230")
    assert Reported("0.230") != Reported("0.23")
    assert Reported("0.230", rounding="truncate") != Reported("0.230")
    assert len({Reported("0.230"), Reported("0.230"), Reported("0.23")}) == 2
    assert Reported("0.230", rounding="half_up").rounding is Rounding.HALF_UP
    with pytest.raises(AttributeError):
        Reported("0.230").text = "0.3"  # type: ignore[misc]
    assert ks.Reported is Reported
