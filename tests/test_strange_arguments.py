"""Whatever is given in place of one argument: an answer without NaN, or an error that says what is wrong."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import math
import os
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from test_readme_calls import CALLS as README_CALLS

import ketastats as ks

SCORE = ks.effects.proportions(7, 37, 14, 46)
SMD = ks.effects.smd_from_t(0.5, 37, 46)
TABLES = ks.reconstruct.tables(n1=12, n2=14, p="0.230", test="pearson")
PART = ks.reconstruct.samples(mean="3.2", sd="1.1", n=12, scale=(1, 5))
SAMPLE = {"mean": "2.8", "sd": "1.3", "n": 9, "scale": (1, 5), "items": 1, "counts": {1: (1, 3)}}
SAMPLE |= {"sd_divisor": "n-1", "rounding": "half"}
CLAIM = ks.Claim(estimand="risk_difference", region=ks.within(0.1))
DESIGN = {"n1": 37, "n2": 46}
COUNTS = {"x1": 7, "n1": 37, "x2": 14, "n2": 46}
MEANS = {"m1": 9.8, "s1": 4.5, "n1": 37, "m2": 13.7, "s2": 5.8, "n2": 46}

X, Y = [1.2, 0.4, 3.1, 2.2, 2.9], [0.3, 0.9, 2.1, 1.0, 1.1]
SAMPLES = {"x": X, "y": Y}
PAIRED = {"m1": 9.8, "s1": 4.5, "m2": 13.7, "s2": 5.8, "n": 37}
RISKS = DESIGN | {"p1": 0.2, "p2": 0.25, "alpha": 0.05}
MARGIN, RATIO = {"margin": 0.4, "alpha": 0.05}, {"margin": 1.5, "alpha": 0.05}
BY_TIME = {"n": (37, 46), "covariance": "random_intercept", "rho": 0.5, "sd": 1.0, "alpha": 0.05}
CONTRAST = {"group_weights": [1.0, -1.0], "time_weights": [-1.0, 0.0, 1.0]}
SIMULATED = {"means": [[0.0, 0.5, 1.0], [0.0, 0.0, 0.0]], "dropout": 0.1, "simulations": 20, "rng": 1}


def factor(scale):
    """Return the Bayes factor whose prior scale is looked at."""
    return ks.evidence.means(t=2.5, n1=37, n2=46, scale=scale)


ROOMS = ("effects.", "equivalence.", "power.", "evidence.")
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
    "effects.means_from_samples": SAMPLES | {"axis": -1, "measure": "smd", "variances": "equal"},
    "effects.one_sample": {"m": 1.2, "s": 3.4, "n": 20, "mu": 0.5, "measure": "smd", "unbiased": False},
    "effects.one_sample_from_samples": {"x": X, "mu": 0.5, "axis": -1, "measure": "smd", "unbiased": True},
    "effects.paired": PAIRED | {"r": 0.5, "measure": "smd_av", "unbiased": False},
    "effects.paired_from_samples": SAMPLES | {"axis": -1, "measure": "smd_rm", "unbiased": False},
    "effects.paired_proportions": {"b": 5, "c": 9, "n": 40, "measure": "difference", "method": "score"},
    "effects.standardised_means": MEANS | {"by": "sd2", "variances": "equal", "unbiased": True},
    "effects.mean_ratio": MEANS | {"method": "delta", "variances": "unequal"},
    "effects.mean_ratio_paired": PAIRED | {"r": 0.5, "method": "delta"},
    "effects.correlation": {"r": 0.3, "n": 40, "kind": "pearson", "method": "fisher_z"},
    "effects.correlation_from_samples": SAMPLES | {"axis": -1, "kind": "spearman", "method": "fieller"},
    "effects.correlation_of_pairs": {"s1": 4.5, "s2": 5.8, "sd_difference": 3.9},
    "effects.rates": {"x1": 7, "t1": 37.0, "x2": 14, "t2": 46.0, "measure": "ratio", "method": "score"},
    "effects.smd_z_from_t": {"t": 0.5, "n": 37, "unbiased": False},
    "effects.variance_explained": {"f": 2.5, "df1": 2, "df2": 40, "measure": "cohens_f"},
    "effects.number_needed_to_treat": COUNTS | {"event_is_good": True, "level": 0.95, "method": "score"},
    "effects.pool": {
        "estimates": [0.1, 0.3, 0.2],
        "standard_errors": [0.1, 0.2, 0.3],
        "method": "reml",
        "knapp_hartung": True,
        "measure": "smd",
    },
    "effects.summarise": {"x": X, "axis": -1},
    "effects.sd_of_differences": {"s1": 4.5, "s2": 5.8, "r": 0.5},
    "effects.chi2_from_p": {"p": 0.02, "df": 2},
    "effects.p_from_chi2": {"chi2": 3.2, "df": 2},
    "effects.p_from_t": {"t": 2.2, "df": 40, "alternative": "greater"},
    "effects.t_from_p": {"p": 0.02, "df": 40, "alternative": "less"},
    "effects.f_from_p": {"p": 0.02, "df1": 2, "df2": 40},
    "effects.t_from_d": {"d": 0.5, "n1": 37, "n2": 46},
    "effects.t_from_r": {"r": 0.5, "df": 40},
    "effects.r_from_t": {"t": 2.2, "df": 40},
    "effects.r_from_chi2": {"chi2": 3.2, "n": 40},
    "effects.r_from_d": {"d": 0.5, "n1": 37, "n2": 46},
    "effects.d_from_p": {"p": 0.02, "n1": 37, "n2": 46},
    "effects.d_from_r": {"r": 0.5, "n1": 37, "n2": 46},
    "effects.d_from_t": {"t": 2.2, "n1": 37, "n2": 46},
    "effects.d_from_z": {"z": 2.2, "n1": 37, "n2": 46},
    "effects.arcsine_from_risk": {"risk": 0.3},
    "effects.association": COUNTS | {"measure": "tetrachoric"},
    "effects.cohens_h": {"risk1": 0.3, "risk2": 0.5},
    "effects.d_from_risks": {"risk1": 0.3, "risk2": 0.5, "assuming": "probit"},
    "effects.eta_squared_from_f": {"f": 4.0, "df1": 3, "df2": 123, "measure": "omega_squared"},
    "effects.se_from_p": {"estimate": 0.39, "p": 0.12, "df": 60, "measure": "odds_ratio"},
    "effects.d_from_odds_ratio": {"odds_ratio": 2.5, "assuming": "probit", "base_risk": 0.3},
    "effects.odds_ratio_from_d": {"d": 0.5, "assuming": "probit", "base_risk": 0.3},
    "effects.d_range_from_p": {"p": 0.02, "n": 83, "least": 5},
    "effects.d_range_from_r": {"r": 0.2, "n": 83, "least": 5},
    "effects.d_range_from_t": {"t": 2.2, "n": 83, "least": 5},
    "effects.odds_ratio_from_risk_ratio": {"risk_ratio": 1.5, "base_risk": 0.3},
    "effects.risk_ratio_from_odds_ratio": {"odds_ratio": 1.5, "base_risk": 0.3},
    "effects.risk_difference_from_odds_ratio": {"odds_ratio": 1.5, "base_risk": 0.3},
    "equivalence.means_from_samples": SAMPLES | MARGIN | {"axis": -1, "measure": "smd", "variances": "equal"},
    "equivalence.one_sample": {"m": 1.2, "s": 3.4, "n": 20, "mu": 0.5, "measure": "smd", "unbiased": True} | MARGIN,
    "equivalence.one_sample_from_samples": {"x": X, "mu": 0.5, "axis": -1, "measure": "difference"} | MARGIN,
    "equivalence.paired": PAIRED | MARGIN | {"r": 0.5, "measure": "smd_z", "unbiased": False},
    "equivalence.paired_from_samples": SAMPLES | MARGIN | {"axis": -1, "measure": "difference"},
    "equivalence.paired_proportions": {"b": 5, "c": 9, "n": 40, "measure": "difference", "method": "score"} | MARGIN,
    "equivalence.standardised_means": MEANS | MARGIN | {"by": "sd2", "variances": "equal", "unbiased": False},
    "equivalence.mean_ratio": MEANS | RATIO | {"method": "delta", "variances": "unequal"},
    "equivalence.mean_ratio_paired": PAIRED | RATIO | {"r": 0.5, "method": "delta"},
    "equivalence.correlation": {"r": 0.3, "n": 40, "kind": "pearson", "method": "fisher_z"} | MARGIN,
    "equivalence.correlation_from_samples": SAMPLES | MARGIN | {"axis": -1, "kind": "pearson", "method": "fisher_z"},
    "equivalence.rates": {"x1": 7, "t1": 37.0, "x2": 14, "t2": 46.0, "measure": "ratio", "method": "score"} | RATIO,
    "equivalence.smd_z_from_t": {"t": 0.5, "n": 37, "unbiased": False} | MARGIN,
    "equivalence.variance_explained": {"f": 2.5, "df1": 2, "df2": 40, "measure": "cohens_f"} | MARGIN,
    "equivalence.conditional": {"estimate": SCORE, "margin": 0.1, "alpha_difference": 0.05, "alpha_equivalence": 0.05},
    "equivalence.minimum_effect": {"estimate": SCORE} | MARGIN,
    "equivalence.noninferiority": {"estimate": SCORE, "higher_is_better": True} | MARGIN,
    "equivalence.superiority": {"estimate": SCORE, "higher_is_better": True} | MARGIN,
    "equivalence.positions": {"low": -0.1, "high": 0.3, "margin": 0.2, "ratio": False},
    "power.assurance": DESIGN | {"question": "means", "effect": 0.5, "effect_sd": 0.2, "sd_df": 30, "alpha": 0.05},
    "power.bioequivalence": DESIGN | {"margin": 1.25, "cv": 0.3, "ratio": 0.95, "design": "2x2", "alpha": 0.05},
    "power.chi_square": {"df": 2, "w": 0.3, "n": 80, "alpha": 0.05},
    "power.coprimary_equivalence": DESIGN
    | {"margin": (0.5, 0.6), "sd": (1.0, 1.0), "rho": 0.3, "effect": (0.0, 0.1), "design": "parallel", "alpha": 0.05},
    "power.correlation": {"n": 40, "r": 0.3, "null": 0.0, "alpha": 0.05, "alternative": "two-sided", "method": "exact"},
    "power.correlation_equivalence": {"n": 40, "margin": 0.4, "r": 0.1, "alpha": 0.05, "method": "fisher_z"},
    "power.crossover_equivalence": DESIGN | {"margin": 0.5, "sd": 1.0, "effect": 0.1, "design": "2x2", "alpha": 0.05},
    "power.fieller_equivalence": DESIGN
    | {"margin": 1.25, "cv": 0.3, "cv_between": 0.2, "ratio": 0.95, "design": "2x2", "alpha": 0.05},
    "power.groups_by_time": BY_TIME | {"effect": 0.25, "times": 5, "term": "interaction", "test": "univariate"},
    "power.groups_by_time_equivalence": BY_TIME
    | {"effect": 0.1, "times": 5, "term": "interaction", "margin": 0.3, "measure": "cohens_f"},
    "power.groups_by_time_contrast": BY_TIME | CONTRAST | {"effect": 0.5, "alternative": "two-sided"},
    "power.groups_by_time_contrast_equivalence": BY_TIME | CONTRAST | {"effect": 0.1, "margin": 0.5},
    "power.groups_by_time_simulated": BY_TIME | SIMULATED | {"term": "interaction"},
    "power.groups_by_time_contrast_equivalence_simulated": BY_TIME | SIMULATED | CONTRAST | {"margin": 0.5},
    "power.means_minimum_effect": DESIGN | {"margin": 0.5, "effect": 1.0, "sd": 1.0, "alpha": 0.05},
    "power.means_noninferiority": DESIGN | {"margin": 0.5, "higher_is_better": True, "effect": 0.1, "sd": 1.0},
    "power.means_superiority": DESIGN | {"margin": 0.1, "higher_is_better": True, "effect": 0.5, "alpha": 0.05},
    "power.means_welch_equivalence": DESIGN | {"margin": 0.5, "sd1": 1.0, "sd2": 1.2, "effect": 0.1, "method": "exact"},
    "power.one_sample": {"n": 40, "effect": 0.3, "sd": 1.0, "alpha": 0.05, "alternative": "two-sided"},
    "power.one_sample_equivalence": {"n": 40, "margin": 0.5, "effect": 0.1, "sd": 1.0, "alpha": 0.05},
    "power.paired": {"n": 40, "effect": 0.3, "sd_difference": 1.0, "alpha": 0.05, "alternative": "greater"},
    "power.paired_equivalence": {"n": 40, "margin": 0.5, "effect": 0.1, "sd_difference": 1.0, "alpha": 0.05},
    "power.proportion_equivalence": {"n": 40, "p": 0.4, "margin": (0.2, 0.6), "alpha": 0.05},
    "power.proportions_minimum_effect": RISKS | {"margin": 0.05, "measure": "difference", "method": "score"},
    "power.proportions_noninferiority": RISKS
    | {"margin": 0.1, "higher_is_better": True, "measure": "difference", "method": "score"},
    "power.proportions_superiority": RISKS
    | {"margin": 0.1, "higher_is_better": True, "measure": "difference", "method": "score"},
    "power.proportions_ratio_equivalence": RISKS | {"margin": 1.5, "measure": "ratio", "method": "score"},
    "power.rates": {"t1": 40.0, "t2": 50.0, "rate1": 0.5, "rate2": 0.3, "alpha": 0.05, "measure": "ratio"},
    "power.rates_equivalence": DESIGN
    | {"rate1": 0.5, "rate2": 0.4, "margin": 2.0, "exposure": 2.0, "dispersion": 0.3, "alpha": 0.05},
    "power.significance_level": DESIGN | {"question": "means", "power": 0.8, "effect": 0.5},
    "power.type_s_m": {"effect": 0.2, "se": 0.1, "df": 40, "alpha": 0.05},
    "evidence.correlation": {"r": 0.3, "n": 40, "kappa": 1.0, "alternative": "greater"},
    "evidence.correlation_jzs": {"r": 0.3, "n": 40, "scale": 1.0, "alternative": "less"},
    "evidence.credibility": {"estimate": 0.3, "se": 0.1, "level": 0.95},
    "evidence.log_odds_ratio": COUNTS
    | {"prior_mean": 0.0, "prior_sd": 1.0, "grand_mean": 0.0, "grand_sd": 1.0, "alternative": "greater"},
    "evidence.proportion": {"x": 7, "n": 37, "null": 0.3, "a": 1.0, "b": 2.0, "alternative": "greater"},
    "evidence.replication_estimate": {"estimate": 0.3, "se": 0.1, "original": 0.4, "original_se": 0.2},
    "evidence.replication_means": {
        "t": 0.5,
        "n1": 37,
        "n2": 46,
        "original_t": 2.5,
        "original_n1": 20,
        "original_n2": 25,
        "scale": 1.0,
        "alternative": "greater",
    },
    "evidence.reverse_bayes": {"estimate": 0.3, "se": 0.1, "bf10": 0.5},
    "evidence.robustness_region": {"factor": factor, "scale": 0.7, "threshold": 3.0, "reach": 100.0},
    "evidence.severity": {"estimate": SMD, "values": [0.0, 0.1], "claim": "less"},
    "evidence.sgpv": {"low": -0.1, "high": 0.3, "margin": 0.2},
    "evidence.small_effect": DESIGN | {"power": 0.33, "alpha": 0.05},
    "evidence.small_effect_correlation": {"n": 40, "power": 0.33, "alpha": 0.05},
    "evidence.small_telescopes": DESIGN
    | {"t": 0.3, "original_n1": 20, "original_n2": 25, "direction": "less", "power": 0.33, "alpha": 0.05},
    "evidence.small_telescopes_correlation": {
        "r": 0.1,
        "n": 80,
        "original_n": 30,
        "direction": "less",
        "power": 0.33,
        "alpha": 0.05,
    },
    "evidence.svalue": {"pvalue": 0.2},
    "evidence.tables": COUNTS | {"sampling": "independent", "prior": 1.0},
    "reconstruct.tables": {"n": 20, "p": "0.230", "test": "pearson", "rounding": "half", "budget": 1000},
    "reconstruct.counts": {"n": 190, "rate": "27%", "rounding": "half", "budget": 1000},
    "reconstruct.means": {"n1": 9, "n2": 11, "p": "0.572", "ci": ("-1.2", "3.4"), "level": 0.95, "sd": "5.3"}
    | {"median1": "6", "quartiles1": ("4", "9"), "range1": ("0", "14"), "iqr2": "5", "range_width2": "12"}
    | {"scale": (0, 27), "definition": "linear", "budget": 1000},
    "reconstruct.change": {"n": 20, "sd_pre": "4.1", "sd_post": "5.2", "mean_change": "-2.0", "t": "-1.9", "r": "0.4"}
    | {"ci": ("-4.2", "0.2"), "level": 0.95, "rounding": "half", "budget": 1000},
    "reconstruct.anova": {"n": [5, 6, None], "total": 18, "means": ["5.1", None, "6.0"], "sds": ["1.9", "2.2", None]}
    | {"ses": [None, None, "0.9"], "sd": "2.0", "f": "1.2", "p": "0.3", "eta_squared": "0.14", "budget": 1000},
    "reconstruct.quantiles": {"n": 9, "q1": "4", "median": "6", "maximum": "14", "mean": "6.9", "scale": (0, 27)}
    | {"items": 1, "definition": "linear", "rounding": "half", "budget": 1000},
    "reconstruct.outcomes": {"printed": {"a": TABLES, "b": TABLES}, "nested": [("b", "a")], "total": 26, "budget": 999},
    "reconstruct.samples": SAMPLE | {"budget": 10_000},
    "reconstruct.sample_exists": SAMPLE,
    "reconstruct.sample_groups": {"groups": {"a": PART, "b": PART}, "mean": "3.2", "sd": "1.1", "rounding": "half"},
    "reconstruct.horns": {"counts": [1, 2, 3], "scale": (1, 3)},
    "consistency.pvalue": {
        "test": "t",
        "statistic": "2.20",
        "p": ".036",
        "df": 28,
        "alternative": "one-sided",
        "factors": [3],
        "epsilons": [0.5],
        "alpha": 0.05,
        "rounding": "half",
    },
    "consistency.confidence_interval": {
        "estimate": "0.62",
        "low": "0.39",
        "high": "1.00",
        "level": 0.95,
        "p": "0.048",
        "se": "0.24",
        "df": 50,
        "measure": "odds_ratio",
        "alternative": "two-sided",
        "levels": [0.9],
        "rounding": "half",
    },
    "consistency.quantiles": {"mean": "6.9", "sd": "4.1", "n": 9, "q1": "4", "median": "6", "maximum": "14"}
    | {"scale": (0, 27), "definition": "linear", "rounding": "half"},
    "consistency.grim": {"mean": "5.19", "n": 28, "items": 1, "missing": 2, "rounding": "half"},
    "consistency.grim_splits": {"mean1": "5.3", "mean2": "4.71", "n": 40, "items": 1, "rounding": "half"},
    "consistency.denominators": {"numbers": ["71%", "29%"], "n": 28, "items": 1, "add_up": True} | {"rounding": "half"},
    "consistency.grimmer": {"mean": "3.5", "sd": "1.2", "n": 28, "items": 1, "scale": (1, 7), "ddof": 1}
    | {"rounding": "half", "budget": 10**6},
    "consistency.admissible_sums": {"mean": "3.5", "sd": "1.2", "n": 28, "items": 1, "scale": (1, 7), "ddof": 1}
    | {"rounding": "half", "budget": 10**6},
    "consistency.debit": {"mean": "0.44", "sd": "0.50", "n": 1683, "ddof": 1, "rounding": "half"},
    "consistency.binary_sd": {"x": 15, "n": 27, "ddof": 1},
    "consistency.sd_limits": {"mean": "4.2", "n": 5, "scale": (1, 7), "items": 2, "ddof": 1, "rounding": "half"},
    "consistency.grim_u": {"u": "30.5", "n1": 10, "n2": 12, "ties": True, "rounding": "half"},
    "consistency.total": {"n": 83, "sizes": [37, 46], "mean": "18.0", "means": ["17.2", "18.6"], "sd": "4.7"}
    | {"sds": ["4.5", "4.8"], "items": 1, "ddof": 1, "rounding": "half"},
    "consistency.change_sd": {"sd_pre": "8.0", "sd_post": "5.0", "sd_change": "6.0", "rounding": "half"},
    "reconstruct.subgroups": {
        "printed": {"a": {"x": "0.5", "y": "0.7"}, "b": {"x": "0.3"}},
        "nested": [("y", "x")],
        "total": 12,
        "budget": 1000,
        "n": 12,
        "test": "pearson",
    },
    "reconstruct.contingency": {"rows": (4, 5), "columns": 3, "n": 9, "p": "0.5", "test": "pearson", "budget": 1000}
    | {"statistic": "1.2", "cramers_v": "0.4", "rates": [["25%", None, None], [None, None, None]], "rounding": "half"},
    "consistency.effect_size": {
        "measure": "d",
        "value": "0.60",
        "test": "t",
        "statistic": "2.50",
        "df": 68,
        "n": 70,
        "n1": 35,
        "n2": 35,
        "least": 2,
        "rounding": "half",
    },
    "consistency.u_pvalue": {
        "u": "30",
        "p": ".050",
        "n1": 10,
        "n2": 12,
        "method": "normal",
        "alternative": "one-sided",
        "rounding": "half",
    },
    "judge": {"claim": CLAIM, "data": TABLES, "alpha": 0.05, "method": "score"},
    "within": {"low": -2, "high": 3},
    "above": {"x": 2},
    "below": {"x": 2},
    "Claim": {"estimand": "smd", "region": ks.within(0.5), "text": "a", "where": "b"},
    "Reported": {"text": "0.230", "rounding": "half"},
}


def from_readme(room):
    """Yield each function of a room that is not yet called here, with the arguments of its call in the README."""
    module = getattr(ks, room)
    for call in README_CALLS:
        for made in ast.walk(ast.parse(call, mode="eval")):
            text = ast.unparse(made.func) if isinstance(made, ast.Call) else ""
            function = getattr(module, text.removeprefix(f"ks.{room}."), None)
            name = text.removeprefix("ks.")
            if name.startswith(f"{room}.") and name not in CALLS and inspect.isfunction(function):
                values = [eval(ast.unparse(arg), {"ks": ks}) for arg in made.args]
                named = {key.arg: eval(ast.unparse(key.value), {"ks": ks}) for key in made.keywords}
                bound = inspect.signature(function).bind_partial(*values, **named).arguments
                yield name, bound | bound.pop("design", {})


CALLS |= {name: given for room in ROOMS for name, given in from_readme(room.rstrip("."))}
# It is refused, whatever is given.
CALLS.pop("power.observed", None)
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
    "an array with a gap": np.array([0.5, math.nan]),
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
    # Every fifth value, another fifth for each argument and function; the profile "explore" asks them all.
    step = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "explore" else 5
    first = list(CALLS).index(name)
    for place, argument in enumerate(CALLS[name]):
        for what, value in itertools.islice(STRANGE.items(), (first + place) % step, None, step):
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


@pytest.mark.parametrize("name", [name for name in CALLS if name.startswith(ROOMS)])
def test_shapes_that_do_not_fit(name):
    """Two arguments of two and of three values: neither is repeated to fit, whatever the function."""
    numbers = [key for key, value in CALLS[name].items() if type(value) in (int, float)]
    for one, two in itertools.pairwise(numbers):
        shapes = {one: [CALLS[name][one]] * 2, two: [CALLS[name][two]] * 3}
        with pytest.raises((ks.InvalidArgument, ks.InvalidType)) as refusal:
            ask(name, CALLS[name] | shapes)
        assert f"{refusal.value.argument} is " in str(refusal.value)


def test_every_function_is_asked():
    for room in ("effects", "equivalence", "power", "evidence"):
        module = getattr(ks, room)
        functions = {f"{room}.{name}" for name in module.__all__ if inspect.isfunction(getattr(module, name))}
        # Observed power is refused, whatever is given.
        assert functions - set(CALLS) <= {"power.observed"}


def test_observed_power_is_refused():
    for value in STRANGE.values():
        with pytest.raises(ks.InvalidArgument, match=r"power\.detectable"):
            ks.power.observed(value)
