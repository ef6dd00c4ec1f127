"""Estimates and their intervals, from summaries: one function per noun."""

from ._base import ConfidenceInterval, Estimate
from ._convert import (
    d_from_p,
    d_from_r,
    d_from_t,
    d_from_z,
    r_from_chi2,
    r_from_d,
    r_from_t,
    t_from_d,
    t_from_r,
)
from ._convert_more import eta_squared_from_f, se_from_p
from ._convert_odds import (
    d_from_odds_ratio,
    odds_ratio_from_d,
    odds_ratio_from_risk_ratio,
    risk_difference_from_odds_ratio,
    risk_ratio_from_odds_ratio,
)
from ._convert_p import chi2_from_p, p_from_chi2, p_from_t, t_from_p
from ._convert_table import arcsine_from_risk, association, cohens_h, d_from_risks
from ._correlation import CorrelationEstimate, ExactCorrelationEstimate, correlation
from ._estimate import TEstimate, estimate
from ._fieller import FiellerEstimate
from ._mean_ratio import mean_ratio, mean_ratio_paired
from ._means import SMDEstimate, means, smd_from_t
from ._noncentral import NoncentralTEstimate
from ._number_needed import NumberNeeded, number_needed_to_treat
from ._one_sample import one_sample, smd_z_from_t
from ._paired import correlation_of_pairs, paired, sd_of_differences
from ._paired_proportions import PairedProportionsEstimate, paired_proportions
from ._pool import PooledEstimate, PredictionInterval, pool
from ._proportions import ProportionEstimate, ProportionsEstimate, proportion, proportions
from ._proportions_test import ChiSquareTest, TableTest, UnconditionalTest, proportions_test
from ._quantiles import MeanFromQuantiles, mean_from_quantiles
from ._rates import RatesEstimate, rates
from ._samples import (
    SampleSummary,
    correlation_from_samples,
    means_from_samples,
    one_sample_from_samples,
    paired_from_samples,
    summarise,
)
from ._splits import RangeOverSplits, d_range_from_p, d_range_from_r, d_range_from_t
from ._standardised import standardised_means
from ._variance import VarianceEstimate, f_from_p, variance_explained

__all__ = [
    "ChiSquareTest",
    "ConfidenceInterval",
    "CorrelationEstimate",
    "Estimate",
    "ExactCorrelationEstimate",
    "FiellerEstimate",
    "MeanFromQuantiles",
    "NoncentralTEstimate",
    "NumberNeeded",
    "PairedProportionsEstimate",
    "PooledEstimate",
    "PredictionInterval",
    "ProportionEstimate",
    "ProportionsEstimate",
    "RangeOverSplits",
    "RatesEstimate",
    "SMDEstimate",
    "SampleSummary",
    "TEstimate",
    "TableTest",
    "UnconditionalTest",
    "VarianceEstimate",
    "arcsine_from_risk",
    "association",
    "chi2_from_p",
    "cohens_h",
    "correlation",
    "correlation_from_samples",
    "correlation_of_pairs",
    "d_from_odds_ratio",
    "d_from_p",
    "d_from_r",
    "d_from_risks",
    "d_from_t",
    "d_from_z",
    "d_range_from_p",
    "d_range_from_r",
    "d_range_from_t",
    "estimate",
    "eta_squared_from_f",
    "f_from_p",
    "mean_from_quantiles",
    "mean_ratio",
    "mean_ratio_paired",
    "means",
    "means_from_samples",
    "number_needed_to_treat",
    "odds_ratio_from_d",
    "odds_ratio_from_risk_ratio",
    "one_sample",
    "one_sample_from_samples",
    "p_from_chi2",
    "p_from_t",
    "paired",
    "paired_from_samples",
    "paired_proportions",
    "pool",
    "proportion",
    "proportions",
    "proportions_test",
    "r_from_chi2",
    "r_from_d",
    "r_from_t",
    "rates",
    "risk_difference_from_odds_ratio",
    "risk_ratio_from_odds_ratio",
    "sd_of_differences",
    "se_from_p",
    "smd_from_t",
    "smd_z_from_t",
    "standardised_means",
    "summarise",
    "t_from_d",
    "t_from_p",
    "t_from_r",
    "variance_explained",
]
