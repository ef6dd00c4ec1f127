"""From a claim and the data sets that print the reported digits to a ruling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import _validate
from ..claims import Claim
from ..effects import Estimate
from ..errors import InvalidArgument, InvalidType
from ..reconstruct import (
    CompatibleAnova,
    CompatibleChange,
    CompatibleConfusions,
    CompatibleContingency,
    CompatibleCounts,
    CompatibleMeans,
    CompatibleOutcomes,
    CompatibleSampleGroups,
    CompatibleSamples,
    CompatibleSubgroups,
    CompatibleTables,
)
from ._change import from_change
from ._groups import between_groups, comparisons
from ._members import Members, from_counts, from_estimate, from_means, from_tables
from ._samples import from_samples
from ._scores import COMPARED, SCORES, of_scores
from ._several import independent, joint, of_one
from ._single import rule
from ._subgroups import across
from ._verdict import Verdict

__all__ = ["judge"]

Data = (
    CompatibleCounts
    | CompatibleTables
    | CompatibleMeans
    | CompatibleOutcomes
    | CompatibleSubgroups
    | CompatibleContingency
    | CompatibleConfusions
    | CompatibleSampleGroups
    | CompatibleChange
    | Estimate
)

_REMEDIES: dict[type[Any], str] = {
    CompatibleAnova: "Give two groups at a time to reconstruct.means.",
    CompatibleSamples: "Join the samples of two groups by reconstruct.sample_groups.",
}


def judge(
    claim: Claim | Mapping[str, Claim],
    data: Data | Mapping[str, Data],
    *,
    alpha: float = 0.05,
    method: str | None = None,
) -> Verdict:
    """Rule on a claim over every data set that prints the reported digits.

    For each data set the central ``1 - 2 alpha`` interval of the estimand is held against the claimed region. Inside:
    established, which for a region between two margins is the two one-sided tests procedure at `alpha` [1]_. Wholly
    outside: refuted. Otherwise not established: absence of evidence, in either direction. The ruling over the set is
    the common one, or it depends, and the verdict names what decides.

    Parameters
    ----------
    claim : Claim or mapping of str to Claim
        What was asserted. Several claims, by name of the outcome, are ruled together by intersection-union [2]_:
        established only if all are, refuted if any is. One claim over joint outcomes is made of each of them; over a
        table of several groups it is made of each pair of groups (and of each category, where there are more than two).
        A proportion claimed of 2x2 tables is that of both groups together.
        Claims on a diagnostic test are named by its scores, such as ``sensitivity``. A mean difference of a change is
        that of one group, after minus before.
    data : compatible set from `reconstruct`, Estimate, or a mapping of them
        The data sets. An `Estimate` is one data set per element. Claims on outcomes of several subgroups are made of
        each subgroup. A mapping holds data for each named claim, without a shared split; use `reconstruct.outcomes`
        where outcomes share one.
    alpha : float
        One-sided level, above 0 and at most 0.5.
    method : str, optional
        Interval method for proportions, see `effects.proportions`; the Miettinen-Nurminen score interval if not said.

    Returns
    -------
    Verdict
        Ruling, reason, results for every data set, threshold margin, and what decides.

    Raises
    ------
    InvalidArgument, InvalidType
        If claim and data do not fit together.

    References
    ----------
    .. [1] Schuirmann DJ (1987). A comparison of the two one-sided tests procedure and the power approach for assessing
       the equivalence of average bioavailability. Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680.
       doi:10.1007/BF01068419
    .. [2] Berger RL (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24, 295-300.
       doi:10.2307/1267823

    Examples
    --------
    >>> import ketastats as ks
    >>> claim = ks.Claim(estimand="risk_difference", region=ks.within(0.16))
    >>> verdict = ks.judge(claim, ks.reconstruct.tables(n=83, p="0.230", test="pearson"))
    >>> low, high = verdict.threshold_margin
    >>> print(f"{verdict.ruling}, threshold {low:.3f} to {high:.3f}")
    not established, threshold 0.168 to 0.420
    """
    rate = _alpha(alpha)
    level = 1.0 - 2.0 * rate
    if isinstance(data, CompatibleOutcomes):
        return joint(_named_claims(claim, data.sets), data, rate, level, method)
    if isinstance(data, CompatibleSubgroups):
        return across(_named_claims(claim, dict.fromkeys(data.outcomes)), data, rate, level, method)
    if isinstance(data, CompatibleContingency):
        return between_groups(_named_claims(claim, comparisons(data)), data, rate, level, method)
    if isinstance(data, CompatibleConfusions):
        return of_scores(_claims_on_scores(claim), data, rate, level, method)
    if isinstance(data, Mapping):
        claims = _named_claims(claim, data)
        return independent(claims, data, rate, _members_of_each(claims, data, level, method))
    if not isinstance(claim, Claim):
        raise InvalidType("claim", claim, "a Claim", "Several claims need joint outcomes or a mapping of data.")
    return rule(claim, _members(claim, data, level, method), data, rate)


def _alpha(value: object) -> float:
    rate = _validate.alpha(value)
    if rate == 0.5:
        raise InvalidArgument("alpha", value, "above 0 and below 0.5", "At 0.5 the interval is a single point.")
    if 1.0 - 2.0 * rate == 1.0:
        raise InvalidArgument("alpha", value, "at least 1e-16", "Beyond it the level of the interval rounds to 1.")
    return rate


def _members(claim: Claim, data: object, level: float, method: str | None) -> Members:
    if isinstance(data, CompatibleTables):
        return from_tables(claim, data, level, method)
    if method is not None:
        raise InvalidArgument("method", method, "None unless the data are 2x2 tables")
    if isinstance(data, CompatibleMeans):
        return from_means(claim, data, level)
    if isinstance(data, CompatibleChange):
        return from_change(claim, data, level)
    if isinstance(data, CompatibleCounts):
        return from_counts(claim, data, level)
    if isinstance(data, CompatibleSampleGroups):
        return from_samples(claim, data, level)
    if isinstance(data, Estimate):
        return from_estimate(claim, data, level)
    allowed = "a compatible set from ketastats.reconstruct, or an Estimate from ketastats.effects"
    remedy = next((words for kind, words in _REMEDIES.items() if isinstance(data, kind)), "")
    raise InvalidType("data", data, allowed, remedy)


def _members_of_each(
    claims: Mapping[str, Claim], data: Mapping[str, Any], level: float, method: str | None
) -> dict[str, Members]:
    tables = {name for name in claims if isinstance(data[name], CompatibleTables)}
    if method is not None and not tables:
        raise InvalidArgument("method", method, "None unless the data are 2x2 tables")

    def read(name: str) -> Members:
        own = method if name in tables else None
        found: Members = of_one(name, lambda claim: _members(claim, data[name], level, own), claims)
        return found

    return {name: read(name) for name in claims}


def _claims_on_scores(claim: object) -> dict[str, Claim]:
    """Return the claim on each score; a claim on what one score estimates needs no name."""
    if isinstance(claim, Claim):
        names = [name for name, estimand in COMPARED.items() if estimand == claim.estimand]
        if not names:
            remedy = 'Write {"sensitivity": claim} with the name of the score.'
            raise InvalidType("claim", claim, "a mapping from scores to claims", remedy)
        return dict.fromkeys(names, claim)
    return _named_claims(claim, dict.fromkeys(SCORES))


def _named_claims(claim: object, data: Mapping[str, Any]) -> dict[str, Claim]:
    """Return the claim on each outcome; one claim is made of all of them."""
    if not data:
        raise InvalidArgument("data", data, "data for at least one outcome")
    if isinstance(claim, Claim):
        return dict.fromkeys(data, claim)
    if not isinstance(claim, Mapping) or not claim:
        raise InvalidType("claim", claim, "a Claim, or a mapping from outcome names to claims")
    for name, part in claim.items():
        _validate.choice(name, "claim", data)
        if not isinstance(part, Claim):
            raise InvalidType(f"claim[{name!r}]", part, "a Claim")
    return dict(claim)
