"""Each rule about an argument: what passes, what is refused, and what the refusal says."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from ketastats import _validate
from ketastats.errors import InvalidArgument, InvalidType

NAN, INF = math.nan, math.inf


def test_integer():
    for value in (0, 7, np.int32(7), np.uint8(7), 2**53):
        clean = _validate.integer(value, "n")
        assert clean == value
        assert type(clean) is int
    assert _validate.integer(5, "n", low=5, high=5) == 5


@pytest.mark.parametrize("value", [True, np.True_, "7", b"7", 7.0, 7.5, NAN, None, [7], Decimal(7)])
def test_integer_refuses_what_is_no_int(value):
    with pytest.raises(InvalidType, match=r"^n is .*allowed: a whole number at least 0"):
        _validate.integer(value, "n")


def test_integer_says_how_to_write_it():
    with pytest.raises(InvalidType, match="Write n=7"):
        _validate.integer(7.0, "n")


@pytest.mark.parametrize("value", [-1, 4, 2**53 + 1])
def test_integer_refuses_what_is_out_of_range(value):
    high = 3 if value == 4 else _validate.LARGEST_COUNT
    with pytest.raises(InvalidArgument, match=f"^n is {value}; allowed: a whole number at least 0"):
        _validate.integer(value, "n", high=high)


def test_real():
    for value in (1, 1.5, np.float32(1.5), np.int64(2), -0.0):
        clean = _validate.real(value, "x")
        assert clean == value
        assert type(clean) is float
    assert _validate.real(INF, "x", infinite=True) == INF
    assert _validate.real(INF, "x", low=0.0, high=INF, open_high=True, infinite=True) == INF
    assert _validate.real(0.0, "x", low=0.0) == 0.0


@pytest.mark.parametrize("value", [True, np.False_, "1", None, 1j, [1.0], Decimal(1)])
def test_real_refuses_what_is_no_number(value):
    with pytest.raises(InvalidType, match=r"^x is"):
        _validate.real(value, "x")


@pytest.mark.parametrize("value", [NAN, INF, -INF, -1e-9, 0.0, 1.0, 1.1])
def test_real_refuses_what_is_out_of_range(value):
    with pytest.raises(InvalidArgument, match="allowed: a number above 0 and below 1"):
        _validate.real(value, "x", low=0.0, high=1.0, open_low=True, open_high=True)


def test_real_in_a_closed_range():
    assert _validate.real(1.0, "x", low=0.0, high=1.0) == 1.0
    with pytest.raises(InvalidArgument, match="a number at least 0 and at most 1"):
        _validate.real(1.0000001, "x", low=0.0, high=1.0)
    with pytest.raises(InvalidArgument):
        _validate.real(NAN, "x", infinite=True)


def test_array():
    clean = _validate.array([[1, 2], [3, 4]], "x", low=1.0)
    assert clean.dtype == np.float64
    assert clean.shape == (2, 2)
    assert _validate.array(3, "x").shape == ()
    assert _validate.array([], "x").shape == (0,)
    assert _validate.array([-INF, INF], "x", infinite=True).tolist() == [-INF, INF]
    assert _validate.array([0.0, INF], "x", low=0.0, infinite=True).tolist() == [0.0, INF]
    with pytest.raises(InvalidArgument, match="at least 0"):
        _validate.array(-INF, "x", low=0.0, infinite=True)


@pytest.mark.parametrize("value", ["1", ["1"], [True], [None], [1j], [[1], [2, 3]], object()])
def test_array_refuses_what_holds_no_numbers(value):
    with pytest.raises(InvalidType, match=r"^x is"):
        _validate.array(value, "x")


@pytest.mark.parametrize("value", [[0.5, NAN], [0.5, INF], [0.5, -0.1], [0.5, 1.0]])
def test_array_names_the_first_bad_value(value):
    with pytest.raises(InvalidArgument, match="numbers at least 0 and below 1") as caught:
        _validate.array(value, "x", low=0.0, high=1.0, open_high=True)
    assert caught.value.value == value[1] or math.isnan(value[1])
    with pytest.raises(InvalidArgument):
        _validate.array(NAN, "x", infinite=True)
    with pytest.raises(InvalidArgument):
        _validate.array(0.0, "x", low=0.0, open_low=True)


def test_integers():
    assert _validate.integers([1, 2], "n").dtype == np.int64
    # Whole numbers that pandas or a division left as floats are whole numbers.
    assert _validate.integers([1.0, 2.0], "n").tolist() == [1, 2]
    assert _validate.integers(np.uint8(3), "n").tolist() == 3
    for bad in ([1.5], [NAN], [INF], [-1], [2**53 + 2]):
        with pytest.raises(InvalidArgument, match="allowed: whole numbers at least 0"):
            _validate.integers(bad, "n")
    for bad in (["1"], [True]):
        with pytest.raises(InvalidType):
            _validate.integers(bad, "n")


def test_counts():
    x1, n1, x2, n2 = _validate.counts([1, 2], 5, [[0], [3]], 3)
    assert {a.shape for a in (x1, n1, x2, n2)} == {(2, 2)}
    assert x2.tolist() == [[0, 0], [3, 3]]
    with pytest.raises(InvalidArgument, match=r"x1 is 6; allowed: at most n1, here 5\. x1 counts the events"):
        _validate.counts([5, 6], 5, 0, 3)
    with pytest.raises(InvalidArgument, match="x2 is 4; allowed: at most n2, here 3"):
        _validate.counts(0, 5, 4, 3)
    with pytest.raises(InvalidArgument, match=r"^n1 is 0"):
        _validate.counts(0, 0, 0, 3)
    with pytest.raises(InvalidArgument, match=r"^x1 is -1"):
        _validate.counts(-1, 5, 0, 3)


def test_broadcast_names_the_shapes():
    a, b = _validate.broadcast(a=np.zeros((2, 1)), b=np.zeros(3))
    assert a.shape == b.shape == (2, 3)
    with pytest.raises(InvalidArgument, match=r"a \(2,\), b \(3,\)"):
        _validate.broadcast(a=np.zeros(2), b=np.zeros(3))


def test_choice_and_choices():
    assert _validate.choice("b", "kind", ("a", "b")) == "b"
    with pytest.raises(InvalidArgument, match="kind is 'c'; allowed: one of a, b"):
        _validate.choice("c", "kind", ("a", "b"))
    with pytest.raises(InvalidType):
        _validate.choice(None, "kind", ("a", "b"))
    assert _validate.choices("b", "kind", ("a", "b")) == ("b",)
    assert _validate.choices(["b", "a", "b"], "kind", ("a", "b")) == ("b", "a")
    assert set(_validate.choices({"b", "a"}, "kind", ("a", "b"))) == {"a", "b"}
    with pytest.raises(InvalidArgument):
        _validate.choices([], "kind", ("a", "b"))
    with pytest.raises(InvalidArgument):
        _validate.choices(["a", "c"], "kind", ("a", "b"))
    with pytest.raises(InvalidType):
        _validate.choices(3, "kind", ("a", "b"))


def test_level_and_alpha():
    assert _validate.level(0.9) == 0.9
    assert _validate.alpha(0.5) == 0.5
    for bad in (0.0, 1.0, 95, NAN):
        with pytest.raises(InvalidArgument, match=r"^level is"):
            _validate.level(bad)
    for bad in (0.0, 0.51, -0.05, NAN):
        with pytest.raises(InvalidArgument, match=r"^alpha is"):
            _validate.alpha(bad)


def test_margin():
    assert _validate.margin(0.1) == (-0.1, 0.1)
    assert _validate.margin((-1, INF)) == (-1.0, INF)
    assert _validate.margin([1, 2]) == (1.0, 2.0)
    assert _validate.margin(np.array([-1.0, 2.0])) == (-1.0, 2.0)
    for bad in (0.0, -0.1, NAN, (1, 1), (2, 1), (1,), (1, 2, 3), (NAN, 1)):
        with pytest.raises(InvalidArgument, match=r"^margin is"):
            _validate.margin(bad)
    for bad in (None, "0.1"):
        with pytest.raises(InvalidType, match="no default"):
            _validate.margin(bad)


def test_margins():
    low, high = _validate.margins(0.1)
    assert (low.shape, float(low), float(high)) == ((), -0.1, 0.1)
    low, high = _validate.margins(([-1.0, -2.0], INF))
    assert (low.tolist(), high.tolist()) == ([-1.0, -2.0], [INF, INF])
    low, high = _validate.margins(1.25, ratio=True)
    assert (float(low), float(high)) == (0.8, 1.25)
    low, high = _validate.margins((0.0, 2.0), ratio=True)
    assert (float(low), float(high)) == (0.0, 2.0)
    for bad in (0.0, -1.0, NAN, (1, 1), ([-1, 2], [1, 2]), (1,), np.array([1.0, 2.0, 3.0])):
        with pytest.raises(InvalidArgument):
            _validate.margins(bad)
    for bad in (1.0, 0.5, (-0.1, 2.0)):
        with pytest.raises(InvalidArgument):
            _validate.margins(bad, ratio=True)
    for bad in (None, "0.1", True, ("a", 1)):
        with pytest.raises(InvalidType):
            _validate.margins(bad)


def test_rng():
    draw = _validate.rng(5).random()
    assert draw == np.random.default_rng(5).random()
    generator = np.random.default_rng(1)
    assert _validate.rng(generator) is generator
    assert isinstance(_validate.rng(None), np.random.Generator)
    for bad in ("x", -1):
        with pytest.raises((InvalidType, InvalidArgument)):
            _validate.rng(bad)


def test_flag():
    assert _validate.flag(np.True_, "x") is True
    assert _validate.flag(False, "x") is False
    for bad in (0, 1, "yes", None, np.array([True, False])):
        with pytest.raises(InvalidType, match=r"^x is .*; allowed: True or False"):
            _validate.flag(bad, "x")


def test_moderate():
    assert _validate.moderate([0.0, -1e40, 1e-300], "x").tolist() == [0.0, -1e40, 1e-300]
    assert _validate.moderate(1e-40, "x", positive=True) == 1e-40
    for bad in (1.1e40, -1e300, INF, NAN):
        with pytest.raises(InvalidArgument, match=r"^x is .*numbers at least -1e\+40 and at most 1e\+40"):
            _validate.moderate(bad, "x")
    for bad in (0.0, 1e-41, -1.0):
        with pytest.raises(InvalidArgument, match="at least 1e-40"):
            _validate.moderate(bad, "x", positive=True)


def test_margins_are_of_a_size_that_means_something():
    for rule in (_validate.margin, _validate.margins):
        for bad in (1e-320, 1e41, (-1e-50, 1.0), (-INF, 1e300)):
            with pytest.raises(InvalidArgument, match="1e-40 to 1e\\+40 in size, or infinite"):
                rule(bad)
        low, high = rule((0.0, INF))
        assert (low, high) == (0.0, INF)


def test_numbers_that_no_float_holds_are_refused_not_raised_as_something_else():
    with pytest.raises(InvalidArgument, match="No float is that large"):
        _validate.real(10**400, "x")
    with pytest.raises(InvalidArgument, match=r"^x is of type int and cannot be shown; allowed"):
        _validate.real(10**5000, "x")
    with pytest.raises(InvalidType):
        _validate.margin((1, (2, 3)))
    with pytest.raises(InvalidType):
        _validate.margins(([1], [[2], [3, 4]]))


def test_numbers_without_a_stated_end_are_of_a_size_that_studies_have() -> None:
    assert _validate.array([1e40, -1e40, 1e-320], "m").tolist() == [1e40, -1e40, 1e-320]
    assert _validate.array([0.0, 1e-40], "s", low=0.0).tolist() == [0.0, 1e-40]
    for value, options in ((1e41, {}), (-1e41, {}), (1e41, {"low": 0.0}), (1e-41, {"low": 0.0, "open_low": True})):
        with pytest.raises(InvalidArgument, match=r"1e\+40 in size"):
            _validate.array(value, "x", **options)
        assert _validate.array(value, "x", wide=True, **options) == value
    assert _validate.array(1e-300, "p", low=0.0, high=1.0) == 1e-300


def test_many_options_are_not_listed() -> None:
    names = [f"an_option_with_the_number_{i}" for i in range(50)]
    with pytest.raises(InvalidArgument, match="one of 50 names, such as an_option_with_the_number_7") as refusal:
        _validate.choice("an_option_with_number_7", "kind", names)
    assert len(str(refusal.value)) < 300


def test_levels_are_no_smaller_than_floats_keep_digits() -> None:
    assert _validate.alpha(1e-300) == 1e-300
    with pytest.raises(InvalidArgument, match="at least 1e-300"):
        _validate.alpha(1e-320)
