"""The errors: one family, messages in four parts, and safe travel between processes."""

from __future__ import annotations

import pickle

import pytest

import ketastats as ks
from ketastats import errors


@pytest.mark.parametrize("name", ["InvalidArgument", "InvalidType", "NoSolution", "BudgetExceeded", "RegisterError"])
def test_one_family(name):
    kind = getattr(ks, name)
    assert issubclass(kind, ks.KetastatsError)
    assert kind is getattr(errors, name)
    assert name in errors.__all__


def test_python_knows_them_too():
    assert issubclass(ks.InvalidArgument, ValueError)
    assert issubclass(ks.InvalidType, TypeError)
    assert not issubclass(ks.NoSolution, ValueError)


@pytest.mark.parametrize("kind", [ks.InvalidArgument, ks.InvalidType])
def test_message_has_four_parts(kind):
    error = kind("n1", -3, "a whole number at least 1", "Count the people.")
    assert str(error) == "n1 is -3; allowed: a whole number at least 1. Count the people."
    assert (error.argument, error.value) == ("n1", -3)
    assert (error.allowed, error.remedy) == ("a whole number at least 1", "Count the people.")
    assert str(kind("n1", -3, "more")) == "n1 is -3; allowed: more."


def test_long_values_are_cut():
    message = str(ks.InvalidArgument("x", "a" * 1000, "less"))
    assert len(message) < 160
    assert "...; allowed: less." in message


def test_no_solution_says_what_comes_nearest():
    error = ks.NoSolution("none", nearest=0.62)
    assert (str(error), error.nearest) == ("none", 0.62)
    assert ks.NoSolution("none").nearest is None


def test_budget_counts():
    error = ks.BudgetExceeded("tables", 5_000, 100, "Give n1.")
    assert (error.what, error.count, error.budget, error.advice) == ("tables", 5_000, 100, "Give n1.")
    assert str(error) == "the search holds 5,000 tables, more than budget=100. Give n1."


def test_register_lists_every_fault():
    error = ks.RegisterError(["a.toml: one", "b.toml: two"])
    assert error.faults == ("a.toml: one", "b.toml: two")
    assert str(error).splitlines() == ["2 faults in the register:", "a.toml: one", "b.toml: two"]
    assert str(ks.RegisterError(["x"])).startswith("1 fault in")


@pytest.mark.parametrize(
    "error",
    [
        ks.InvalidArgument("a", 1, "b", "c"),
        ks.InvalidType("a", 1, "b"),
        ks.NoSolution("none", nearest=0.3),
        ks.BudgetExceeded("tables", 5, 1, "less"),
        ks.RegisterError(["one", "two"]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_they_cross_process_borders(error):
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)
