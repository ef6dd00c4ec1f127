"""Hold a claim of an article against what the register knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import InvalidType
from ..verdict import Ruling
from ._articles import ArticleClaim
from ._assessment import NO_RULING, SOURCE_AGREES, SOURCE_DIFFERS, Assessment, Check
from ._cite import compare_citation
from ._evidence import printed_figure, study_label
from ._held import held_jointly, held_null, held_source, nearest_checks
from ._records import Register
from ._words import OTHER_QUANTITY

__all__ = ["assess"]

_RULINGS = tuple(map(str, Ruling))
_MOST_NAMED = 3
# A source rules on a claim; where its ruling depends, that is a state of the source.
_BY = {"depends": "in"}


def assess(register: Register, claim: ArticleClaim | str) -> Assessment:
    """Return what becomes of a claim when it is held against the register.

    A null claim whose study prints its numbers is ruled over every data set that prints them, at each margin that fits
    it; several parts together by intersection-union. A citation is compared with the source, and a number with the
    figure that it repeats. A number without a source is held against the nearest evidence on its scale, because the
    source could be any of it. The ruling is the common one, or it depends. All else gets no ruling, and the reason.

    Parameters
    ----------
    register : Register
        The register.
    claim : ArticleClaim or str
        The claim, or its id.

    Returns
    -------
    Assessment
        Outcome, reason, and everything that the claim was held against.

    Raises
    ------
    InvalidType
        If the arguments are not such records.
    InvalidArgument
        If there is no claim of that id.

    Notes
    -----
    What was assumed stands with each check: a mixed model's p is read as that of Student's test of two groups, an
    interval without a stated level as one of 95 %, an odds ratio in place of a risk ratio for a claim that the latter
    lies above a number, which favours the claim.

    Examples
    --------
    >>> from ketastats.register import ArticleClaim, Register, assess
    >>> claim = ArticleClaim(id="A9.1", article="an-article", kind="open", text="It helps.", where="paragraph 1")
    >>> result = assess(Register(articles=(), studies=(), margins=()), claim)
    >>> result.outcome, result.lacks
    ('no ruling', ('no number', 'no source'))
    """
    if not isinstance(register, Register):
        raise InvalidType("register", register, "a Register", "Load one with ketastats.register.load.")
    record = register.claim(claim) if isinstance(claim, str) else claim
    if not isinstance(record, ArticleClaim):
        raise InvalidType("claim", claim, "an ArticleClaim, or the id of one")
    if record.cites:
        return _citation(register, record)
    nearest = nearest_checks(register, record)
    if record.parts:
        return _joint(register, record, nearest)
    if record.outcomes and record.margins:
        return _of_margins(register, record, held_null(register, record), nearest)
    if any(printed.found_in for printed in record.printed):
        return _of_source(record, held_source(register, record), nearest)
    if any(check.ruling in _RULINGS for check in nearest) and record.kind == "quantity":
        return _of_evidence(record, nearest)
    return Assessment(
        claim=record, outcome=NO_RULING, because=_why_not(record, nearest), lacks=_lacks(record), checks=tuple(nearest)
    )


def _lacks(claim: ArticleClaim) -> tuple[str, ...]:
    number = any(printed.reading is not None for printed in claim.printed)
    source = bool(claim.studies or claim.cites)
    return ("no number",) * (not number) + ("no source",) * (not source)


def _why_not(claim: ArticleClaim, nearest: Sequence[Check]) -> str:
    bears = {near.bears: 0 for near in claim.nearest if near.bears}
    for near in claim.nearest:
        if near.bears:
            bears[near.bears] += 1
    if bears:
        said = ", ".join(f"{_count(number)} {_verb(word, number)}" for word, number in bears.items())
        return f"{claim.reason} Of {_count(sum(bears.values()))} studies {said}."
    if claim.reason:
        return claim.reason
    return "Nothing near it can be ruled on." if nearest else "There is nothing to hold it against."


def _verb(word: str, number: int) -> str:
    """Return how evidence bears on a claim as a verb in the right number."""
    if word == OTHER_QUANTITY:
        return f"{'has' if number == 1 else 'have'} another quantity"
    return word if number == 1 else word.replace("agrees", "agree")


def _count(number: int) -> str:
    return ("none", "one", "two", "three", "four", "five", "six")[number] if number < 7 else str(number)


# --- citations and numbers that a source has --------------------------------------------------------------------------


def _citation(register: Register, claim: ArticleClaim) -> Assessment:
    says = {near.study: near for near in claim.nearest}
    checks, misses = [], {}
    for key in dict.fromkeys([claim.cites, *claim.candidates]):
        study = register.study(key)
        found = compare_citation(claim, study)
        misses[key] = found
        checks.append(
            Check(
                role="source",
                reference=key,
                label=study_label(study),
                printed="; ".join(f"{one.field}: {one.source_says}" for one in found),
                against="; ".join(f"{one.field}: {one.article_says}" for one in found),
                ruling="differs" if found else "agrees",
                because="; ".join(map(str, found)),
                says=says[key].says if key in says else "",
            )
        )
    for near in claim.nearest:
        for reference in near.figures:
            figure = register.figure(reference)
            label = study_label(register.study(near.study))
            checks.append(
                Check(
                    role="nearest evidence", reference=reference, label=label, printed=printed_figure(figure),
                    because="the claim is about the source", says=near.says,
                )
            )  # fmt: skip
    agrees = not all(misses.values())
    first = misses[claim.cites]
    said = "; ".join(f"{one.field} is {one.source_says}, not {one.article_says}" for one in first)
    others = f" None of {_count(len(misses))} candidates fits in all fields." if len(misses) > 1 and not agrees else ""
    fits = "What the article says of its source is so."
    return Assessment(
        claim=claim,
        outcome=SOURCE_AGREES if agrees else SOURCE_DIFFERS,
        because=fits if agrees else f"{study_label(register.study(claim.cites))}: {said}.{others}",
        lacks=(),
        decides=() if agrees else tuple(one.field for one in first),
        checks=tuple(checks),
    )


def _of_source(claim: ArticleClaim, own: Sequence[Check], nearest: Sequence[Check]) -> Assessment:
    differing = [check for check in own if check.ruling == "differs"]
    if differing:
        said = "; ".join(f"{one.label} has {one.printed}, not {one.against}: {one.because}" for one in differing)
    else:
        same = ", ".join(f"{check.because} {check.printed}" for check in own)
        said = f"{_listed([check.label for check in own])} has the same: {same}"
    return Assessment(
        claim=claim,
        outcome=SOURCE_DIFFERS if differing else SOURCE_AGREES,
        because=f"{said}.",
        lacks=_lacks(claim),
        decides=tuple(check.reference for check in differing),
        checks=(*own, *nearest),
    )


# --- rulings ----------------------------------------------------------------------------------------------------------


def _common(rulings: Iterable[str]) -> str:
    found = {ruling for ruling in rulings if ruling in _RULINGS}
    return found.pop() if len(found) == 1 else str(Ruling.DEPENDS)


def _of_margins(register: Register, claim: ArticleClaim, own: Sequence[Check], nearest: Sequence[Check]) -> Assessment:
    ruled = [check for check in own if check.ruling]
    if not ruled:
        reason = own[0].because if own else "No margin fits."
        return Assessment(claim=claim, outcome=NO_RULING, because=reason, lacks=_lacks(claim), checks=(*own, *nearest))
    outcome = _common(check.ruling for check in ruled)
    margins: dict[str, list[str]] = {check.ruling: [] for check in ruled}
    for check in ruled:
        margins[check.ruling].append(_margin_words(register, check.margin))
    said = "; ".join(f"{ruling} at {_listed(names)}" for ruling, names in margins.items())
    inner = tuple(dict.fromkeys(detail for check in ruled for detail in check.decides))
    decides = (("the margin", *inner) if len(margins) > 1 else inner) if outcome == Ruling.DEPENDS else ()
    by = f", by {_listed(inner)}" if inner else ""
    return Assessment(
        claim=claim,
        outcome=outcome,
        because=f"{said[0].upper()}{said[1:]}{by}. {_threshold_words(ruled, claim.estimand)}".strip(),
        lacks=_lacks(claim),
        decides=decides,
        checks=(*own, *nearest),
    )


def _margin_words(register: Register, key: str) -> str:
    margin = register.margin(key)
    unit = {"risk_difference": "{} points", "smd": "{} SD", "odds_ratio": "odds ratio {}"}.get(margin.scale, "{}")
    return unit.format(margin.value.text)


def _listed(names: Sequence[str]) -> str:
    """Join names; a unit that several share stands once, behind the last."""
    names = list(dict.fromkeys(names))
    for at in range(len(names) - 1):
        first, _, unit = names[at].partition(" ")
        if unit and names[at + 1].partition(" ")[2] == unit and first[:1].isdigit():
            names[at] = first
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _threshold_words(checks: Sequence[Check], estimand: str) -> str:
    spans = [check.threshold for check in checks if check.threshold and check.against.startswith(estimand)]
    if not spans:
        return ""
    low, high = spans[0]
    if estimand == "risk_difference":
        return f"Threshold margin {100 * low:.1f} to {100 * high:.1f} points."
    return f"Threshold margin {low:.2f} to {high:.2f}{' SD' if estimand == 'smd' else ''}."


def _joint(register: Register, claim: ArticleClaim, nearest: Sequence[Check]) -> Assessment:
    own = held_jointly(register, claim)
    if not own:
        why = "None of its parts has numbers to rule on."
        return Assessment(claim=claim, outcome=NO_RULING, because=why, lacks=("no number",), checks=tuple(nearest))
    without = [part for part in claim.parts if not register.claim(part).outcomes]
    outcome = _common(check.ruling for check in own)
    # A part without numbers is not established, so that together they cannot be.
    if without and outcome == Ruling.ESTABLISHED:
        outcome = str(Ruling.NOT_ESTABLISHED)
    missing = f" No number is printed for {_listed(without)}." if without else ""
    count = {ruling: sum(check.ruling == ruling for check in own) for ruling in dict.fromkeys(c.ruling for c in own)}
    said = ", ".join(f"{ruling} in {number}" for ruling, number in count.items())
    every = f"{outcome[0].upper()}{outcome[1:]} at each of {len(own)} choices of margins"
    because = f"{every}." if len(count) == 1 else f"Of {len(own)} choices of margins: {said}."
    return Assessment(
        claim=claim,
        outcome=outcome,
        because=because + missing,
        lacks=(),
        decides=("the margin",) * (len(count) > 1)
        + tuple(dict.fromkeys(detail for check in own for detail in check.decides)),
        checks=(*own, *nearest),
    )


def _of_evidence(claim: ArticleClaim, nearest: Sequence[Check]) -> Assessment:
    ruled = [check for check in nearest if check.ruling in _RULINGS]
    outcome = _common(check.ruling for check in ruled)
    groups: dict[str, list[str]] = {}
    for check in ruled:
        odds = "odds ratio " if check.against.startswith("odds_ratio") else ""
        groups.setdefault(check.ruling, []).append(_cited(check.label, [f"{odds}{check.printed}"]))
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))
    said = "; ".join(f"{ruling} {_BY.get(ruling, 'by')} {_shortened(names)}" for ruling, names in largest)
    silent: dict[tuple[str, str], list[str]] = {}
    for check in nearest:
        if check.because == OTHER_QUANTITY or (check.against and not check.ruling):
            silent.setdefault((check.label, check.because), []).append(check.printed)
    left_out = "".join(f" Not ruled: {_cited(label, printed)}; {why}." for (label, why), printed in silent.items())
    inner = tuple(dict.fromkeys(detail for check in ruled for detail in check.decides))
    return Assessment(
        claim=claim,
        outcome=outcome,
        because=f"{said[0].upper()}{said[1:]}.{left_out}",
        lacks=_lacks(claim),
        decides=(("which source is meant", *inner) if len(groups) > 1 else inner) if outcome == Ruling.DEPENDS else (),
        checks=tuple(nearest),
    )


def _cited(label: str, printed: Sequence[str]) -> str:
    numbers = _listed(printed)
    return f"{label}, {numbers}" if "(" in numbers else f"{label} ({numbers})"


def _shortened(names: Sequence[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return _listed(names)
    return f"{', '.join(names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} more"
