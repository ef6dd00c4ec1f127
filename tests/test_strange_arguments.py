"""Whatever is given in place of one argument: an answer without NaN, or an error that says what is wrong."""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import ketastats as ks

SCORE = ks.effects.proportions(7, 37, 14, 46)
SMD = ks.effects.smd_from_t(0.5, 37, 46)
TABLES = ks.reconstruct.tables(n1=12, n2=14, p="0.230", test="pearson")
CLAIM = ks.Claim(estimand="risk_difference", region=ks.within(0.1))
DESIGN = {"n1": 37, "n2": 46}
COUNTS = {"x1": 7, "n1": 37, "x2": 14, "n2": 46}
MEANS = {"m1": 9.8, "s1": 4.5, "n1": 37, "m2": 13.7, "s2": 5.8, "n2": 46}

#: One sound call of each function, every argument by its name.
CALLS = {
    "effects.proportions": COUNTS | {"measure": "difference", "method": "score"},
    "effects.proportion": {"x": 7, "n": 37, "method": "wilson"},
    "effects.proportions_test": COUNTS | {"test": "pearson", "alternative": "two-sided"},
    "effects.means": MEANS | {"measure": "smd", "variances": "equal"},
    "effects.smd_from_t": {"t": 0.5, "n1": 37, "n2": 46, "unbiased": False},
    "effects.estimate": {"estimate": 0.1, "se": 0.2, "df": 60, "measure": "mean_difference"},
    "equivalence.proportions": COUNTS | {"margin": 0.1, "alpha": 0.05, "method": "score", "measure": "difference"},
    "equivalence.means": MEANS | {"margin": (-2.0, 2.0), "alpha": 0.05, "variances": "equal", "measure": "difference"},
    "equivalence.estimate": {"estimate": -0.002, "se": 1.35, "df": 60, "margin": 2.3, "alpha": 0.05},
    "equivalence.smd_from_t": {"t": 0.5, "n1": 37, "n2": 46, "margin": 0.5, "alpha": 0.05},
    "equivalence.tost": {"estimate": SCORE, "margin": 0.1, "alpha": 0.05},
    "power.means": DESIGN | {"effect": 0.5, "sd": 1.0, "alpha": 0.05, "alternative": "two-sided"},
    "power.means_equivalence": DESIGN | {"margin": 0.5, "effect": 0.0, "sd": 1.0, "alpha": 0.05},
    "power.proportions": DESIGN | {"p1": 0.2, "p2": 0.3, "alpha": 0.05, "method": "score"},
    "power.proportions_equivalence": DESIGN | {"p1": 0.2, "p2": 0.3, "margin": 0.1, "alpha": 0.05, "method": "score"},
    "power.f_test": {"df1": 4, "df2": 80, "ncp": 3.0, "alpha": 0.05},
    "power.sample_size": {"question": "means", "power": 0.8, "alpha": 0.05, "ratio": 1.0, "effect": 0.5},
    "power.detectable": {"question": "means", "power": 0.8, "alpha": 0.05, "n1": 37, "n2": 46},
    "evidence.means": {"t": 0.567, "n1": 37, "n2": 46, "scale": 0.707, "location": 0.1, "alternative": "two-sided"},
    "evidence.means_interval": {"t": 0.567, "n1": 37, "n2": 46, "margin": 0.3, "scale": 0.707},
    "evidence.proportions": COUNTS | {"prior": 1.0},
    "evidence.proportions_interval": COUNTS | {"margin": 0.1, "prior": 1.0},
    "evidence.estimate": {"estimate": 0.1, "se": 0.2, "df": 60, "prior": "normal", "prior_sd": 1.0},
    "evidence.compatibility": {"estimate": SMD, "values": [0.0, 0.1]},
    "reconstruct.tables": {"n": 20, "p": "0.230", "test": "pearson", "rounding": "half", "budget": 1000},
    "reconstruct.counts": {"n": 190, "rate": "27%", "rounding": "half", "budget": 1000},
    "reconstruct.means": {"n": 20, "p": "0.572", "ci": ("-1.2", "3.4"), "level": 0.95, "sd": "5.3", "budget": 1000},
    "reconstruct.outcomes": {"printed": {"a": TABLES, "b": TABLES}, "nested": [("b", "a")], "total": 26, "budget": 999},
    "judge": {"claim": CLAIM, "data": TABLES, "alpha": 0.05, "method": "score"},
    "within": {"low": -2, "high": 3},
    "above": {"x": 2},
    "below": {"x": 2},
    "Claim": {"estimand": "smd", "region": ks.within(0.5), "text": "a", "where": "b"},
    "Reported": {"text": "0.230", "rounding": "half"},
}
STRANGE = {
    "nothing": None,
    "yes": True,
    "no text": "",
    "a word": "x",
    "digits": "0.5",
    "bytes": b"0.5",
    "nan": math.nan,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "zero": 0,
    "minus one": -1,
    "a half": 0.5,
    "below the smallest float": 1e-320,
    "the largest float": 1.7e308,
    "far below zero": -1e300,
    "more than an int64": 2**63,
    "more than any float": 10**5000,
    "no list": [],
    "a ragged list": [[1], [2, 3]],
    "a ragged pair": (1, (2, 3)),
    "a pair": (1, 2),
    "a pair turned around": (2, 1),
    "a mapping": {"a": 1},
    "a set": {1, 2},
    "an object": object(),
    "a complex number": 1j,
    "no array": np.array([]),
    "an array": np.array([1, 2]),
    "an array of text": np.array("x"),
    "an array of objects": np.array([None, 1]),
    "a decimal": Decimal("0.5"),
    "a fraction": Fraction(1, 2),
    "an empty range": range(0),
    "a range": range(5, 9),
    "a function": len,
    "other digits": "٣",
    "hidden direction": "\u202e0.23",
    "more than all": "120%",
    "impossible": "<0",
    "much text": "1" * 1000,
}


def ask(name, arguments):
    """Return the answer to a question of the public interface, with everything that hangs on it."""
    function = ks
    for part in name.split("."):
        function = getattr(function, part)
    result = function(**arguments)
    if hasattr(result, "summary"):
        result.summary()
    if isinstance(result, ks.effects.Estimate):
        return [result, result.confidence_interval(0.9)]
    return [result]


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_or_a_message(name):
    ask(name, CALLS[name])
    for argument in CALLS[name]:
        for what, value in STRANGE.items():
            where = f"{argument}: {what}"
            try:
                results = ask(name, CALLS[name] | {argument: value})
            except (ks.InvalidArgument, ks.InvalidType) as error:
                refusal = error
            except ks.KetastatsError as error:
                assert str(error), where  # noqa: PT017 - an answer is as good
                continue
            else:
                refusal = None
            if refusal is not None:
                assert refusal.argument, where
                assert refusal.allowed, where
                assert f"{refusal.argument} is " in str(refusal), where
                assert len(str(refusal)) < 1000, where
                continue
            for result in results:
                fields = dataclasses.fields(result) if dataclasses.is_dataclass(result) else ()
                for field in fields:
                    content = np.asarray(getattr(result, field.name))
                    assert content.dtype.kind != "f" or not np.isnan(content).any(), (where, field.name)
