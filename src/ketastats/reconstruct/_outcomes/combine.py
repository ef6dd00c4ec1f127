"""From the sets of several outcomes to the set of their combinations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...errors import BudgetExceeded
from .compatible import CompatibleOutcomes
from .relations import Relations, listed
from .splits import CompatiblePart, Join, fitting, shared_splits

__all__ = ["joined"]

Sets = dict[str, CompatiblePart]


def joined(
    sets: Sets, relations: Relations, samples: tuple[int, ...], *, missing: bool, budget: int
) -> CompatibleOutcomes:
    """Return every combination of sets that were found already."""
    labelled = any(part.labelled for part in sets.values())
    join = Join(sets, relations, labelled, missing=missing, budget=budget)
    if not len(relations):
        join.count_first(_splits(sets, samples, labelled, missing=missing))
    for n1, n2 in _splits(sets, samples, labelled, missing=missing):
        join.add(n1, n2)
    first, second, index, swapped = join.columns()
    return CompatibleOutcomes(
        n1=first,
        n2=second,
        sets=sets,
        index=index,
        swapped=swapped,
        relations=relations,
        labelled=labelled,
        exhaustive=all(part.exhaustive for part in sets.values()),
        assumptions=_assumptions(sets, relations, samples if missing else None),
        emptied_by="" if first.size else _blame(sets, relations, samples, missing=missing),
        _samples=samples,
        _missing=missing,
        _budget=budget,
    )


def _splits(
    sets: Mapping[str, CompatiblePart], samples: tuple[int, ...], labelled: bool, *, missing: bool
) -> Iterator[tuple[int, int]]:
    """Yield the splits of the whole sample that every outcome may fit."""
    # Without missing people the splits of the sets say how large the sample is.
    for sample in samples if missing else samples[:1]:
        yield from map(tuple, shared_splits(dict(sets), sample, labelled, missing=missing).tolist())


def _blame(sets: Sets, relations: Relations, samples: tuple[int, ...], *, missing: bool) -> str:
    """Return what of the first outcome, or else which relation, in the order given, leaves nothing."""
    names = list(sets)
    for last, name in enumerate(names, start=1):
        if not sets[name]:
            return f"{sets[name].emptied_by} of {name}" if sets[name].emptied_by else name
        before = {each: sets[each] for each in names[:last]}
        labelled = any(part.labelled for part in before.values())
        if not any(
            all(fitting(part, *split, missing=missing)[0].size for part in before.values())
            for split in _splits(before, samples, labelled, missing=missing)
        ):
            return f"the split that {name} shares with {listed(names[: last - 1])}" if last > 1 else name
    labels = relations.labels()
    for last, label in enumerate(labels, start=1):
        if not _any(sets, relations.first(last), samples, missing=missing):
            return label
    return labels[-1]


def _any(sets: Sets, relations: Relations, samples: tuple[int, ...], *, missing: bool) -> bool:
    """Whether anything is left; taken for granted where there is too much to try."""
    labelled = any(part.labelled for part in sets.values())
    join = Join(sets, relations, labelled, missing=missing, budget=1)
    try:
        return any(join.add(n1, n2) for n1, n2 in _splits(sets, samples, labelled, missing=missing))
    except BudgetExceeded:
        return True


def _assumptions(sets: Sets, relations: Relations, samples: tuple[int, ...] | None) -> tuple[str, ...]:
    whose: dict[str, list[str]] = {}
    for name, part in sets.items():
        for sentence in part.assumptions:
            whose.setdefault(sentence, []).append(name)
    sentences = [
        sentence if len(names) == len(sets) else f"{listed(names)}: {sentence}" for sentence, names in whose.items()
    ]
    told_apart = [name for name, part in sets.items() if part.labelled]
    if len(told_apart) > 1:
        sentences.append(f"group 1 is the same group in all of {listed(told_apart)}")
    sentences += relations.sentences()
    if samples is None:
        sentences.append("the same people have every outcome")
    else:
        size = f"{samples[0]}" if len(samples) == 1 else f"{min(samples)} to {max(samples)}"
        sentences.append(f"the whole sample has {size} people, of whom each outcome may miss some")
    return tuple(dict.fromkeys(sentences))
