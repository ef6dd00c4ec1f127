"""The words that the register may use, each list in one place."""

from __future__ import annotations

__all__ = [
    "BEARS",
    "COUNT_UNITS",
    "DESIGN_COVERS",
    "ESTIMANDS",
    "KINDS",
    "OTHER_QUANTITY",
    "POPULATIONS",
    "RATIO_UNITS",
    "SCALES",
    "SHARE_UNITS",
    "STATUS",
    "SURE",
    "TESTS",
    "UNITS",
]

# How a number came to us, and how sure we are of it.
STATUS = ("direct", "secondary", "derived")
SURE = ("high", "medium", "low")

KINDS = ("null", "quantity", "direction", "citation", "open")
ESTIMANDS = ("risk_difference", "risk_ratio", "odds_ratio", "mean_difference", "smd", "proportion")
TESTS = (
    "pearson", "yates", "n_minus_1", "lr", "fisher", "midp", "barnard", "boschloo", "wald",
    "student", "welch", "mixed_model", "unknown",
)  # fmt: skip

_META = ("meta-analysis", "individual participant data meta-analysis")
_TRIALS = (
    "trial", "randomised trial", "randomised crossover trial", "crossover trial", "open-label trial",
)  # fmt: skip
_COHORTS = ("cohort", "retrospective cohort")
_OTHERS = ("measurement study", "protocol", "secondary analysis of a trial")
_ALL = ("study", "review", *_META, *_TRIALS, *_COHORTS, *_OTHERS)
# A broad word is right of every narrower one: whoever writes "review" of a meta-analysis has not misquoted it.
DESIGN_COVERS: dict[str, tuple[str, ...]] = {
    **{word: (word,) for word in _ALL},
    "study": _ALL,
    "review": ("review", *_META),
    "meta-analysis": _META,
    "trial": _TRIALS,
    "randomised trial": ("randomised trial", "randomised crossover trial"),
    "crossover trial": ("crossover trial", "randomised crossover trial"),
    "cohort": _COHORTS,
}

# How a piece of evidence bears on a claim, where the numbers cannot say it.
OTHER_QUANTITY = "other quantity"
BEARS = ("agrees", "agrees in part", "disagrees", OTHER_QUANTITY)

POPULATIONS = (
    "bipolar depression",
    "childhood trauma",
    "depression",
    "post-traumatic stress disorder",
    "suicidal ideation",
    "treatment-resistant bipolar depression",
    "treatment-resistant depression",
    "veterans",
)

# Scales on which two groups can differ, so that a margin can be laid on them.
SCALES = (
    "risk_difference", "risk_ratio", "odds_ratio", "smd",
    "qids_points", "hamd17_points", "madrs_points", "phq9_points",
)  # fmt: skip
SHARE_UNITS = ("proportion", "share_of_baseline", "i_squared")
COUNT_UNITS = ("people", "studies", "arms", "infusions", "treatments")
RATIO_UNITS = ("odds_ratio", "risk_ratio", "times_as_likely", "ratio")
UNITS = (
    *SHARE_UNITS, *COUNT_UNITS, *RATIO_UNITS,
    "percentage_points", "pvalue", "smd", "beta", "F", "nnt", "correlation", "reliability",
    "qids_points", "hamd17_points", "madrs_points", "phq9_points", "ctq_points",
    "hours", "days", "weeks", "mg_per_kg",
)  # fmt: skip
