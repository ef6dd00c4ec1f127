"""The errors that the package raises: a base class and its few children."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "BudgetExceeded",
    "InvalidArgument",
    "InvalidType",
    "KetastatsError",
    "NoSolution",
    "RegisterError",
]


class KetastatsError(Exception):
    """Base class of every error that the package raises on purpose.

    Examples
    --------
    >>> import ketastats as ks
    >>> try:
    ...     ks.Reported("p = about a half")
    ... except ks.KetastatsError as error:
    ...     print(type(error).__name__)
    InvalidArgument
    """


class _ArgumentError(KetastatsError):
    """An argument that cannot be used; the message always has the same four parts."""

    def __init__(self, argument: str, value: object, allowed: str, remedy: str = "") -> None:
        self.argument = argument
        self.value = value
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(self._message())

    def _message(self) -> str:
        try:
            text = repr(self.value)
        except Exception:  # noqa: BLE001 - a value that cannot be shown, such as an int of 5,000 digits, is still refused
            text = f"of type {type(self.value).__name__} and cannot be shown"
        if len(text) > 120:
            text = text[:117] + "..."
        message = f"{self.argument} is {text}; allowed: {self.allowed}."
        return f"{message} {self.remedy}" if self.remedy else message

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # Errors cross process borders when a caller maps work over workers.
        return type(self), (self.argument, self.value, self.allowed, self.remedy)


class InvalidArgument(_ArgumentError, ValueError):
    """An argument of the right type with a value that is not allowed.

    Parameters
    ----------
    argument : str
        Name of the argument as the caller wrote it.
    value : object
        The value that was given.
    allowed : str
        What would have been accepted.
    remedy : str, optional
        What to do about it.

    Examples
    --------
    >>> from ketastats.errors import InvalidArgument
    >>> print(InvalidArgument("alpha", 2.0, "a number between 0 and 0.5"))
    alpha is 2.0; allowed: a number between 0 and 0.5.
    """


class InvalidType(_ArgumentError, TypeError):
    """An argument of a type that is not accepted; same parts as `InvalidArgument`.

    Examples
    --------
    >>> from ketastats.errors import InvalidType
    >>> print(InvalidType("p", 0.23, "text", "Write p='0.230': the digits carry the rounding."))
    p is 0.23; allowed: text. Write p='0.230': the digits carry the rounding.
    """


class NoSolution(KetastatsError):
    """A valid question that no value answers.

    Parameters
    ----------
    message : str
        What was asked and why nothing answers it.
    nearest : object, optional
        The nearest feasible value, with its name in the message.

    Examples
    --------
    >>> from ketastats.errors import NoSolution
    >>> NoSolution("no n up to 100 reaches power 0.8", nearest=0.62).nearest
    0.62
    """

    def __init__(self, message: str, nearest: object = None) -> None:
        self.nearest = nearest
        super().__init__(message)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.args[0], self.nearest)


class BudgetExceeded(KetastatsError):
    """A search that is larger than the caller allowed.

    Parameters
    ----------
    what : str
        What was counted, in the plural.
    count : int
        How many there are, or at least how many.
    budget : int
        How many were allowed.
    advice : str
        How to make the search smaller.

    Examples
    --------
    >>> from ketastats.errors import BudgetExceeded
    >>> print(BudgetExceeded("tables", 5000, 100, "Give n1 and n2."))
    the search holds 5,000 tables, more than budget=100. Give n1 and n2.
    """

    def __init__(self, what: str, count: int, budget: int, advice: str) -> None:
        self.what = what
        self.count = count
        self.budget = budget
        self.advice = advice
        super().__init__(f"the search holds {count:,} {what}, more than budget={budget:,}. {advice}")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.what, self.count, self.budget, self.advice)


class RegisterError(KetastatsError):
    """A register of articles and studies that has faults; all of them are listed.

    Parameters
    ----------
    faults : iterable
        One record per fault, each with file, key, value, problem and remedy.

    Examples
    --------
    >>> from ketastats.errors import RegisterError
    >>> print(RegisterError(["data/studies/a.toml: n is missing"]))
    1 fault in the register:
    data/studies/a.toml: n is missing
    """

    def __init__(self, faults: Iterable[object]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = f"{count} fault{'' if count == 1 else 's'} in the register:"
        super().__init__("\n".join([head, *map(str, self.faults)]))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.faults,)
