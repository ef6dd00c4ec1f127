"""Printed numbers: the text, and exactly which values would print so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import cache
from numbers import Rational

from . import _validate
from .errors import InvalidArgument, InvalidType

__all__ = ["Interval", "Reported", "Rounding"]

_INFINITY = Decimal("Infinity")
_LONGEST_TEXT = 64
_LARGEST_EXPONENT = 400
# Enough for the ends of any number that `_read` lets pass: decimal arithmetic below is exact.
_EXACT_DIGITS = 1000
_RELATIONS = {"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "==": "="}
_PATTERN = re.compile(
    r"""(?:(?P<name>[A-Za-z][\w\ -]{0,24}?)\s*(?=[=<>≤≥⩽⩾]))?
        (?P<relation><=|>=|==|[=<>≤≥⩽⩾])?\s*
        (?P<number>[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)
        \s*(?P<percent>%|percent|per\ cent)?""",
    re.VERBOSE | re.ASCII,
)
#: How "not significant" is printed in place of a p.
NOT_SIGNIFICANT = re.compile(
    r"(?:[A-Za-z][\w -]{0,24}?\s*=?\s*)?(?:ns|n\.\s?s\.?|not significant|non-?significant)", re.IGNORECASE | re.ASCII
)


class Rounding(StrEnum):
    """How printed digits were cut.

    ``half`` accepts a tie in either direction and is the default: the interval is closed at both ends. ``half_up``
    sends ties away from zero, ``half_down`` to zero, ``half_even`` to the even digit. ``truncate`` drops digits, ``up``
    cuts away from zero; ``floor`` and ``ceiling`` cut to the left and to the right, whatever the sign. With
    ``up_from_7`` the last digit goes up, away from zero, when at least 0.7 of its unit is cut off, with ``up_above_7``
    when more than 0.7 is; each for 1 to 9.

    Examples
    --------
    >>> import ketastats as ks
    >>> print(ks.Reported("0.230", rounding="truncate").interval)
    [0.230, 0.231)
    >>> print(ks.Reported("0.230", rounding="up_from_7").interval)
    [0.2297, 0.2307)
    """

    HALF = "half"
    HALF_UP = "half_up"
    HALF_DOWN = "half_down"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"
    UP = "up"
    FLOOR = "floor"
    CEILING = "ceiling"
    UP_FROM_1 = "up_from_1"
    UP_FROM_2 = "up_from_2"
    UP_FROM_3 = "up_from_3"
    UP_FROM_4 = "up_from_4"
    UP_FROM_5 = "up_from_5"
    UP_FROM_6 = "up_from_6"
    UP_FROM_7 = "up_from_7"
    UP_FROM_8 = "up_from_8"
    UP_FROM_9 = "up_from_9"
    UP_ABOVE_1 = "up_above_1"
    UP_ABOVE_2 = "up_above_2"
    UP_ABOVE_3 = "up_above_3"
    UP_ABOVE_4 = "up_above_4"
    UP_ABOVE_5 = "up_above_5"
    UP_ABOVE_6 = "up_above_6"
    UP_ABOVE_7 = "up_above_7"
    UP_ABOVE_8 = "up_above_8"
    UP_ABOVE_9 = "up_above_9"

    def printed(self, value: int | Fraction | Decimal, decimals: int) -> tuple[Decimal, ...]:
        """Return the numbers as which a value may be printed.

        Parameters
        ----------
        value : int, Fraction or Decimal
            The exact value; a float cannot decide a tie.
        decimals : int
            Digits behind the point, at most 400.

        Returns
        -------
        tuple of Decimal
            One number, or both neighbours of a tie under ``half``, the smaller first.

        Raises
        ------
        InvalidArgument, InvalidType
            If an argument cannot be used.

        Examples
        --------
        >>> from fractions import Fraction
        >>> import ketastats as ks
        >>> ks.Rounding.HALF.printed(Fraction(1, 8), 2)
        (Decimal('0.12'), Decimal('0.13'))
        >>> ks.Rounding.HALF_DOWN.printed(Fraction(1, 8), 2)
        (Decimal('0.12'),)
        """
        digits = _validate.integer(decimals, "decimals", low=0, high=_LARGEST_EXPONENT)
        if not isinstance(value, (Rational, Decimal)):
            raise InvalidType("value", value, "an int, a Fraction or a Decimal", "A float cannot decide a digit.")
        if isinstance(value, Decimal) and not value.is_finite():
            raise InvalidArgument("value", value, "a finite number")
        exact = Fraction(value) * 10**digits
        return tuple(_decimal(units, digits) for units in cut_units(self, exact.numerator, exact.denominator))


def cut_units(rule: Rounding, top: int, bottom: int) -> list[int]:
    """Return as how many whole units ``top / bottom`` of them may be printed, the smaller number first."""
    # All rules but two are mirrored at zero.
    sign = -1 if top < 0 and rule not in (Rounding.FLOOR, Rounding.CEILING) else 1
    whole, left = divmod(sign * top, bottom)
    if rule is Rounding.HALF and 2 * left == bottom:
        return sorted((sign * whole, sign * (whole + 1)))
    cut, included = cut_point(rule, whole % 2 == 0)
    beyond = left * cut.denominator - bottom * cut.numerator
    return [sign * (whole + (beyond > 0 or (included and beyond == 0)))]


def _decimal(units: int, digits: int) -> Decimal:
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), -digits))


@cache
def cut_point(rule: Rounding, even: bool) -> tuple[Fraction, bool]:
    """Return from which part of a unit the last digit goes up, and whether exactly that part makes it go up.

    `even` says whether the last digit before it goes up is even.
    """
    kind, _, tenths = rule.value.rpartition("_")
    if kind in ("up_from", "up_above"):
        return Fraction(int(tenths), 10), kind == "up_from"
    if rule in (Rounding.TRUNCATE, Rounding.FLOOR):
        return Fraction(1), True
    if rule in (Rounding.UP, Rounding.CEILING):
        return Fraction(0), False
    return Fraction(1, 2), rule is Rounding.HALF_UP or (rule is Rounding.HALF_EVEN and not even)


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of values between two exact ends.

    Parameters
    ----------
    low, high : Decimal
        Ends; infinite ends are open.
    closed_low, closed_high : bool
        Whether each end belongs to the set.

    Examples
    --------
    >>> import ketastats as ks
    >>> interval = ks.Reported("0.230").interval
    >>> print(interval)
    [0.2295, 0.2305]
    >>> from fractions import Fraction
    >>> Fraction(461, 2000) in interval
    True
    """

    low: Decimal
    high: Decimal
    closed_low: bool = True
    closed_high: bool = True

    def __contains__(self, value: int | Fraction | Decimal) -> bool:
        if not isinstance(value, (Rational, Decimal)) or value != value:  # noqa: PLR0124 - only NaN differs from itself
            raise InvalidType("value", value, "an int, a Fraction or a Decimal", "A float cannot decide a digit.")
        if isinstance(value, Decimal) and value.is_infinite():
            # Infinite ends are open.
            return False
        exact = Fraction(value)
        return self._above_low(exact) and self._below_high(exact)

    def __str__(self) -> str:
        left = "[" if self.closed_low else "("
        right = "]" if self.closed_high else ")"
        return f"{left}{self.low}, {self.high}{right}"

    @property
    def empty(self) -> bool:
        """Whether no value lies between the ends."""
        return self.low > self.high or (self.low == self.high and not (self.closed_low and self.closed_high))

    def intersect(self, other: Interval) -> Interval:
        """Return the values that both intervals hold.

        Parameters
        ----------
        other : Interval
            The other interval.

        Returns
        -------
        Interval
            The common part, which may be empty.

        Examples
        --------
        >>> import ketastats as ks
        >>> print(ks.Reported("0.23").interval.intersect(ks.Reported("0.230").interval))
        [0.2295, 0.2305]
        """
        low = max((self.low, not self.closed_low), (other.low, not other.closed_low))
        high = min((self.high, self.closed_high), (other.high, other.closed_high))
        return Interval(low[0], high[0], not low[1], high[1])

    def scaled(self, factor: Decimal) -> Interval:
        """Return the interval times a positive factor.

        Parameters
        ----------
        factor : Decimal
            Positive factor, such as ``Decimal("0.01")`` from percentages to proportions.

        Returns
        -------
        Interval
            The scaled interval.

        Examples
        --------
        >>> from decimal import Decimal, localcontext
        >>> import ketastats as ks
        >>> print(ks.Reported("70%").interval.scaled(Decimal("0.01")))
        [0.695, 0.705]
        """
        with localcontext(prec=_EXACT_DIGITS):
            return Interval(self.low * factor, self.high * factor, self.closed_low, self.closed_high)

    def _above_low(self, exact: Fraction) -> bool:
        if not self.low.is_finite():
            return self.low < 0
        low = Fraction(self.low)
        return exact > low or (self.closed_low and exact == low)

    def _below_high(self, exact: Fraction) -> bool:
        if not self.high.is_finite():
            return self.high > 0
        high = Fraction(self.high)
        return exact < high or (self.closed_high and exact == high)


@dataclass(frozen=True, slots=True)
class Reported:
    """A number as it was printed.

    The digits are kept: ``"0.230"`` and ``"0.23"`` are different numbers, because they stand for rounding intervals
    of different width.

    Parameters
    ----------
    text : str
        What was printed, such as ``"0.230"``, ``"p = 0.572"``, ``"< .001"``, ``"70%"``, ``"1.2e-5"`` or ``"ns"``
        (read as p > 0.05). A name before a relation is left out.
    rounding : str
        How the digits were cut, one of `Rounding`.

    Attributes
    ----------
    text : str
        The text as given.
    value : Decimal
        The number in the printed unit (70 for ``"70%"``).
    relation : str
        One of ``=``, ``<``, ``>``, ``<=``, ``>=``.
    percent : bool
        Whether a per cent sign was printed.
    interval : Interval
        Exactly the values that print so, in the printed unit.

    Raises
    ------
    InvalidType
        If `text` is a number: a float has lost the digits that were printed.
    InvalidArgument
        If the text is not a number.

    Examples
    --------
    >>> import ketastats as ks
    >>> p = ks.Reported("0.230")
    >>> p.value, str(p.interval)
    (Decimal('0.230'), '[0.2295, 0.2305]')
    >>> ks.Reported("< .001").relation
    '<'
    >>> ks.Reported(0.23)
    Traceback (most recent call last):
    ...
    ketastats.errors.InvalidType: text is 0.23; allowed: the text that was printed. A number has lost its printed \
digits: write Reported("0.230") with all of them.
    """

    text: str
    rounding: Rounding = Rounding.HALF
    value: Decimal = field(init=False, compare=False)
    relation: str = field(init=False, compare=False)
    percent: bool = field(init=False, compare=False)
    interval: Interval = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        rounding = Rounding(_validate.choice(self.rounding, "rounding", tuple(Rounding)))
        number, relation, percent = _read(self.text)
        object.__setattr__(self, "rounding", rounding)
        object.__setattr__(self, "value", Decimal(number))
        object.__setattr__(self, "relation", relation)
        object.__setattr__(self, "percent", percent)
        object.__setattr__(self, "interval", _interval(Decimal(number), relation, rounding))

    def __str__(self) -> str:
        return self.text

    @property
    def decimals(self) -> int:
        """How many decimals were printed."""
        return max(0, -int(self.value.as_tuple().exponent))

    @property
    def proportion(self) -> Interval:
        """Exactly the proportions that print so: the interval, divided by 100 where a per cent sign was printed."""
        return self.interval.scaled(Decimal("0.01")) if self.percent else self.interval


def _read(text: object) -> tuple[str, str, bool]:
    allowed = "the text that was printed"
    if not isinstance(text, str):
        remedy = 'A number has lost its printed digits: write Reported("0.230") with all of them.'
        raise InvalidType("text", text, allowed, remedy)
    plain = text.strip().replace("\u2212", "-").replace("\u00b7", ".").replace("\u00a0", " ")
    if len(plain) <= _LONGEST_TEXT:
        if NOT_SIGNIFICANT.fullmatch(plain):
            return "0.05", ">", False
        match = _PATTERN.fullmatch(plain)
        if match:
            number = match["number"].replace(",", "")
            if abs(Decimal(number).adjusted()) <= _LARGEST_EXPONENT:
                relation = match["relation"] or "="
                return number, _RELATIONS.get(relation, relation), match["percent"] is not None
    hint = "Write a decimal point, not a comma. " if re.search(r"\d,\d", plain[:_LONGEST_TEXT]) else ""
    raise InvalidArgument("text", text, 'a printed number such as "0.230", "< .001", "70%" or "ns"', hint.strip())


def _interval(value: Decimal, relation: str, rounding: Rounding) -> Interval:
    if relation == "<":
        return Interval(-_INFINITY, value, False, False)
    if relation == "<=":
        return Interval(-_INFINITY, value, False, True)
    if relation == ">":
        return Interval(value, _INFINITY, False, False)
    if relation == ">=":
        return Interval(value, _INFINITY, True, False)
    with localcontext(prec=_EXACT_DIGITS):
        if rounding in (Rounding.FLOOR, Rounding.CEILING):
            return _directed_interval(value, rounding)
        magnitude = _magnitude_interval(value.copy_abs(), rounding)
    if value.is_signed():
        low, high = magnitude.high.copy_negate(), magnitude.low.copy_negate()
        return Interval(low, high, magnitude.closed_high, magnitude.closed_low)
    if value == 0:
        return Interval(magnitude.high.copy_negate(), magnitude.high, magnitude.closed_high, magnitude.closed_high)
    return magnitude


def _unit(value: Decimal) -> Decimal:
    return Decimal((0, (1,), int(value.as_tuple().exponent)))


def _directed_interval(value: Decimal, rounding: Rounding) -> Interval:
    """Return the numbers that are cut to the left or to the right, and print as `value`."""
    low = value if rounding is Rounding.FLOOR else value - _unit(value)
    found = Interval(low, low + _unit(value), rounding is Rounding.FLOOR, rounding is Rounding.CEILING)
    # A minus sign before a zero says that the number was not positive.
    return found.intersect(Interval(-_INFINITY, Decimal(0), False, True)) if value.is_signed() else found


def _magnitude_interval(value: Decimal, rounding: Rounding) -> Interval:
    """Return the non-negative numbers that print as the non-negative `value`."""
    unit, zero = _unit(value), Decimal(0)
    even = value.as_tuple().digits[-1] % 2 == 0
    # The digit below has the other parity, and decides about the lower end.
    (below, closed_low), (cut, goes_up) = cut_point(rounding, not even), cut_point(rounding, even)
    closed_high = not goes_up or rounding is Rounding.HALF
    low = value - unit + unit * below.numerator / below.denominator
    high = value + unit * cut.numerator / cut.denominator
    if value == 0:
        return Interval(zero, high, True, closed_high)
    return Interval(low, high, closed_low or rounding is Rounding.HALF, closed_high)
