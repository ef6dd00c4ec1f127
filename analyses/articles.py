"""What becomes of every claim of the five articles when it is held against what is known?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from _figure import output_folder, write
from _johnson import NOT_THE_DATA, register, word

import ketastats as ks

NAME = "articles"
#: Margins that the evidence for equivalence is quoted at.
NEAREST = ("A1.4", "kuzminskaite-2022/active-outcome", "cuijpers-0.24")
INCHES_PER_LINE = 0.145
THRESHOLD = (
    "Threshold margin: the smallest margin at which the data would establish that there is no difference, from the "
    "most to the least favourable of all data sets that print these numbers."
)


def compute() -> dict[str, Any]:
    """Return every claim with what it was held against, and how many have each outcome."""
    records = register()
    articles = {
        article.key: {
            "code": article.code,
            "title": article.title,
            "about": article.about,
            "claims": [claim.id for claim in article.claims],
        }
        for article in records.articles
    }
    claims = {claim.id: _claim(ks.register.assess(records, claim)) for claim in records.claims}
    counts = Counter(row["outcome"] for row in claims.values())
    by_outcome = {outcome: counts[outcome] for outcome in ks.register.OUTCOMES}
    lacks = Counter(", ".join(row["lacks"]) for row in claims.values() if row["outcome"] == ks.register.NO_RULING)
    numbers = {
        "claims_in_all": len(claims),
        "articles_in_all": len(articles),
        "by_outcome": by_outcome,
        "no_ruling_lacks": dict(sorted(lacks.items())),
        "earlier_studies": Counter(near.bears for near in records.claim("A1.9").nearest),
        "equivalence_shown_elsewhere": _check(claims, *NEAREST),
        "articles": articles,
        "claims": claims,
    }
    return {"title": _title(numbers)} | numbers


def _claim(result: ks.register.Assessment) -> dict[str, Any]:
    claim = result.claim
    return {
        "kind": claim.kind,
        "claim": claim.text,
        "where": claim.where,
        "printed": [printed.text for printed in claim.printed],
        "outcome": result.outcome,
        "because": result.because,
        "lacks": result.lacks,
        "decides": result.decides,
        "nearest": [{"study": near.study, "says": near.says, "bears": near.bears} for near in claim.nearest],
        "held_against": [asdict(check) for check in result.checks],
    }


def _check(claims: dict[str, Any], claim: str, reference: str, margin: str) -> dict[str, Any]:
    found = [one for one in claims[claim]["held_against"] if (one["reference"], one["margin"]) == (reference, margin)]
    return {"claim": claim, **found[0]}


def _title(numbers: dict[str, Any]) -> str:
    counts = numbers["by_outcome"]
    established = counts["established"]
    ruled = sum(counts[str(ruling)] for ruling in ks.Ruling)
    first = "none is established" if established == 0 else f"{word(established)} established"
    claims, articles = numbers["claims_in_all"], word(numbers["articles_in_all"])
    return (
        f"Of {claims} claims in {articles} articles {word(ruled)} can be ruled on and {first}; "
        f"{word(counts['source differs'])} misquote their source, "
        f"{counts['no ruling']} print nothing to rule on"
    )


def _rows(numbers: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the table; without a ruling, the nearest evidence stands in place of the reason."""
    rows: list[dict[str, Any]] = []
    for article in numbers["articles"].values():
        rows.append({"heading": f"{article['code']}  {article['title'] or article['about']}"})
        for key in article["claims"]:
            claim = numbers["claims"][key]
            reason = claim["because"]
            if claim["outcome"] == ks.register.NO_RULING and len(claim["lacks"]) == 2 and claim["nearest"]:
                reason = f"Nearest: {_label(claim, claim['nearest'][0])}: {claim['nearest'][0]['says']}"
            rows.append({"id": key, "lacks": ", ".join(claim["lacks"]), "because": reason} | _shown(claim))
    own = [key for key, claim in numbers["claims"].items() if _reconstructed(claim)]
    return [*rows, {"note": f"{', '.join(own)}: {NOT_THE_DATA} {THRESHOLD}"}]


def _reconstructed(claim: dict[str, Any]) -> bool:
    return any(one["role"] == "own numbers" for one in claim["held_against"])


def _shown(claim: dict[str, Any]) -> dict[str, Any]:
    return {"claim": claim["claim"], "outcome": claim["outcome"]}


def _label(claim: dict[str, Any], near: dict[str, Any]) -> str:
    labels = [one["label"] for one in claim["held_against"] if one["reference"].partition("/")[0] == near["study"]]
    return str(labels[0])


def draw(numbers: dict[str, Any]) -> Any:
    """Draw all claims as a table."""
    with ks.plots.figure(title=numbers["title"], height=15.0) as (figure, ax):
        ks.plots.plot_claims(_rows(numbers), ax=ax, heads=("the claim, in our words", "what becomes of it", "because"))
        bottom, top = ax.get_ylim()
        figure.set_figheight(INCHES_PER_LINE * (bottom - top) + 0.8)
        return figure


def alt(numbers: dict[str, Any]) -> str:
    """Say what the figure shows."""
    counts = ", ".join(f"{count} {outcome}" for outcome, count in numbers["by_outcome"].items() if count)
    claims, articles = numbers["claims_in_all"], word(numbers["articles_in_all"])
    return f"Table of all {claims} claims of {articles} articles, each with what becomes of it and why: {counts}."


def main(argv: Sequence[str] | None = None) -> None:
    """Compute, draw and write."""
    folder = output_folder(argv, __doc__ or "")
    numbers = compute()
    write(folder, NAME, draw(numbers), numbers, alt=alt(numbers))


if __name__ == "__main__":
    main()
