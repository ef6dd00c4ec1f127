"""Several subgroup variables of the same people, against every sample of people and against plain lists."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.reconstruct import CompatibleSubgroups, CompatibleTables, means, outcomes, subgroups, tables
from ketastats.reconstruct._subgroups import counts as _subgroup_counts
from ketastats.reconstruct._subgroups import links as _subgroup_links
from ketastats.reconstruct._subgroups import samples as _subgroup_samples

Table = tuple[int, int, int, int]
Key = tuple[tuple[tuple[int, int], tuple[Table, ...]], ...]
TYPES = ("emotional abuse", "physical abuse", "sexual abuse", "emotional neglect", "physical neglect")
NESTED = [("remission", "response")]


@cache
def every(n: object, **known: object) -> CompatibleTables:
    """All tables of n people: Fisher's p is always at least 0."""
    return tables(n=n, p=">= 0", test="fisher", **known)


def members(joint: CompatibleSubgroups) -> list[Key]:
    """The members as plain tuples, read from the data frame."""
    frame = joint.to_frame()
    result = []
    for row in frame.to_dict("records"):
        variables = []
        for variable, parts in joint.sets.items():
            rows = tuple(
                tuple(int(row[f"{variable}_{name}_{key}"]) for key in ("x1", "n1", "x2", "n2")) for name in parts
            )
            variables.append(((int(row[f"{variable}_n1"]), int(row[f"{variable}_n2"])), rows))
        result.append(tuple(variables))
    return result


def folded(variable: tuple[tuple[int, int], tuple[Table, ...]]) -> tuple[tuple[int, int], tuple[Table, ...]]:
    """Of a variable and its mirror image the one with the smaller group first, and of equal groups either one."""
    (n1, n2), rows = variable
    return min(variable, ((n2, n1), tuple((c, d, a, b) for a, b, c, d in rows)))


def folds(found: Iterable[Key]) -> list[Key]:
    return sorted(tuple(map(folded, each)) for each in found)


# -------------------------------------------------------------------------------------------------- people, one by one
def by_people(people: int, states: list[tuple[tuple[int, int], ...]], variables: int) -> set[Key]:
    """What two variables can show of every sample of people.

    A state is, for each outcome, whether the event happened and whether it was seen.
    """
    kinds = list(itertools.product(states, *[(0, 1)] * variables))
    result = set()
    for sample in itertools.combinations_with_replacement(kinds, people):
        shown = []
        for variable in range(variables):
            groups = [[state for state, *group in sample if group[variable] == side] for side in (0, 1)]
            if not all(groups):
                break
            rows = []
            for outcome in range(len(states[0])):
                cells = [
                    (sum(state[outcome][0] for state in group), sum(state[outcome][1] for state in group))
                    for group in groups
                ]
                rows.append((*cells[0], *cells[1]))
            shown.append(((len(groups[0]), len(groups[1])), tuple(rows)))
        else:
            if all(table[1] and table[3] for _, rows in shown for table in rows):
                result.add(tuple(map(folded, shown)))
    return result


def test_nested_outcomes_of_two_variables_are_those_of_all_samples_of_people() -> None:
    n = 5
    states = [((0, 1), (0, 1)), ((0, 1), (1, 1)), ((1, 1), (1, 1))]
    part = {"inner": every(n), "outer": every(n)}
    joint = subgroups({"a": part, "b": part}, nested=[("inner", "outer")])
    expected = by_people(n, states, 2)
    assert folds(members(joint)) == sorted(expected)
    assert joint.count == len(expected)
    assert not any("are compared, not who" in sentence for sentence in joint.assumptions)


def test_one_outcome_with_missing_people_is_that_of_all_samples_of_people() -> None:
    total, seen = 5, range(3, 6)
    states = [((0, 0),), ((0, 1),), ((1, 1),)]
    expected = {key for key in by_people(total, states, 2) if sum(key[0][1][0][1::2]) in seen}
    joint = subgroups({"a": {"x": every(seen)}, "b": {"x": every(seen)}}, total=total)
    assert folds(members(joint)) == sorted(expected)
    assert joint.count == len(expected)


# ------------------------------------------------------------------------------------------------- against plain lists
def by_lists(
    sets: dict[str, dict[str, CompatibleTables]], nested: tuple[tuple[str, str], ...], total: int | None = None
) -> list[Key]:
    """List each variable with `outcomes` and keep the combinations in which every outcome has the same totals."""
    listed = []
    for variable, parts in sets.items():
        pairs = [pair for pair in nested if set(pair) <= set(parts)]
        frame = outcomes(parts, nested=pairs, total=total).to_frame()
        rows = []
        for row in frame.to_dict("records"):
            cells = tuple(tuple(int(row[f"{name}_{key}"]) for key in ("x1", "n1", "x2", "n2")) for name in parts)
            totals = {name: (c[1] + c[3], c[0] + c[2]) for name, c in zip(parts, cells, strict=True)}
            size = int(row["n1"] + row["n2"])
            rows.append((size, totals, ((int(row["n1"]), int(row["n2"])), cells)))
        listed.append(rows)
        assert variable
    result = []
    for combination in itertools.product(*listed):
        everything: dict[str, set[tuple[int, int]]] = {}
        for _, totals, _ in combination:
            for name, pair in totals.items():
                everything.setdefault(name, set()).add(pair)
        one = {name: pairs.copy().pop() for name, pairs in everything.items()}
        size = combination[0][0]
        if (
            len({size for size, _, _ in combination}) == 1
            and all(len(pairs) == 1 for pairs in everything.values())
            and all(one[i][1] + one[o][0] - one[o][1] <= size for i, o in nested)
        ):
            result.append(tuple(shown for _, _, shown in combination))
    return result


def some(seed: int, n: object, share: float = 0.4, **known: object) -> CompatibleTables:
    """Some of all tables, chosen at random."""
    found = every(n, **known)
    keep = np.nonzero(np.random.default_rng(seed).uniform(size=len(found)) < share)[0]
    return replace(
        found,
        x1=found.x1[keep],
        n1=found.n1[keep],
        x2=found.x2[keep],
        n2=found.n2[keep],
        printed_by=found.printed_by[keep],
    )


CASES = {
    "one outcome": ({"a": {"x": 7}, "b": {"x": 7}, "c": {"x": 7}}, (), None),
    "nested": ({"a": {"x": 8, "y": 8}, "b": {"x": 8, "y": 8}}, (("x", "y"),), None),
    "not nested": ({"a": {"x": 6, "y": 6}, "b": {"x": 6, "y": 6}}, (), None),
    "a chain": ({"a": {"x": 6, "y": 6, "z": 6}, "b": {"x": 6, "z": 6}}, (("x", "y"), ("y", "z"), ("x", "z")), None),
    "two in one": ({"a": {"x": 6, "y": 6, "z": 6}, "b": {"z": 6, "x": 6}}, (("x", "y"), ("z", "y")), None),
    "one in two": ({"a": {"x": 6, "y": 6, "z": 6}, "b": {"y": 6}}, (("x", "y"), ("x", "z")), None),
    "apart": ({"a": {"x": 5}, "b": {"y": 5}, "c": {"y": 5}}, (("x", "y"),), None),
    "n unknown": ({"a": {"x": range(5, 8)}, "b": {"x": range(6, 9)}}, (), None),
    "missing": ({"a": {"x": range(5, 7)}, "b": {"x": range(4, 7)}}, (), 7),
    "missing and nested": ({"a": {"x": 5, "y": 6}, "b": {"x": 5, "y": 6}}, (("x", "y"),), 6),
    "a chain that misses people": (
        {"a": {"x": 4, "y": range(4, 6), "z": 5}, "b": {"x": 4, "z": 5}},
        (("x", "y"), ("y", "z"), ("x", "z")),
        5,
    ),
    "the same people twice": ({"a": {"x": 6, "y": 6, "z": 6}, "b": {"y": 6}}, (("x", "y"), ("y", "x")), None),
    "a diamond": (
        {"a": {"w": 4, "x": 4, "y": 4, "z": 4}, "b": {"w": 4, "z": 4}},
        (("w", "x"), ("w", "y"), ("x", "z"), ("y", "z"), ("w", "z")),
        None,
    ),
    "unlike n": ({"a": {"x": 5, "y": 6}, "b": {"y": 6}}, (("y", "x"),), None),
}


def case(
    name: str, *, labelled: bool = False
) -> tuple[dict[str, dict[str, CompatibleTables]], tuple[tuple[str, str], ...], int | None]:
    sizes, nested, total = CASES[name]
    seeds = itertools.count(hash_of(name))
    known = {"n1": range(1, 9)} if labelled else {}
    sets = {
        variable: {outcome: some(next(seeds), n, **(known if variable == "a" else {})) for outcome, n in parts.items()}
        for variable, parts in sizes.items()
    }
    return sets, nested, total


def hash_of(name: str) -> int:
    return sum(map(ord, name))


@pytest.fixture
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small variables are listed; here they are also counted as large ones are, and in pieces as the largest are."""
    if request.param != "listed":
        monkeypatch.setattr(_subgroup_counts, "_FEW", 0)
    if request.param == "in pieces":
        for module in (_subgroup_counts, _subgroup_samples):
            monkeypatch.setattr(module, "MOST_AT_ONCE", 20)
        monkeypatch.setattr(_subgroup_links, "_SLICE", 20)
    return str(request.param)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("labelled", "way"), [(False, "listed"), (False, "in pieces"), (True, "summed")], indirect=["way"]
)
@pytest.mark.usefixtures("way")
def test_count_and_members_are_those_of_plain_lists(name: str, labelled: bool) -> None:
    sets, nested, total = case(name, labelled=labelled)
    joint = subgroups(sets, nested=nested, total=total)
    found = members(joint)
    assert found
    assert joint.count == len(joint) == len(found)
    assert len(set(found)) == len(found)
    assert folds(found) == folds(by_lists(sets, nested, total)) or (
        labelled and sorted(found) == sorted(by_lists(sets, nested, total))
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("way", ["listed", "in pieces"], indirect=True)
@pytest.mark.usefixtures("way")
def test_marginals_and_what_is_left_are_those_of_the_list(name: str) -> None:
    sets, nested, total = case(name)
    joint = subgroups(sets, nested=nested, total=total)
    frame = joint.to_frame()
    for variable, parts in sets.items():
        splits = frame[[f"{variable}_n1", f"{variable}_n2"]].drop_duplicates().to_numpy()
        assert sorted(map(tuple, joint.splits(variable).tolist())) == sorted(map(tuple, splits.tolist()))
        for outcome, part in parts.items():
            cells = frame[[f"{variable}_{outcome}_{key}" for key in ("x1", "n1", "x2", "n2")]].to_numpy().tolist()
            events = Counter((b + d, a + c) for a, b, c, d in cells)
            marginal = joint.marginal(outcome)
            assert (
                dict(zip(zip(marginal.n, marginal.events, strict=True), marginal.combinations, strict=True)) == events
            )
            assert marginal.share.sum() == pytest.approx(1.0, abs=1e-12)
            # A table of groups that cannot be told apart may be read either way round.
            rows = set(zip(*(column.tolist() for column in (part.x1, part.n1, part.x2, part.n2)), strict=True))
            stands = Counter((a, b, c, d) if (a, b, c, d) in rows else (c, d, a, b) for a, b, c, d in cells)
            table = joint.marginal(outcome, variable)
            shares = dict(zip(zip(table.x1, table.n1, table.x2, table.n2, strict=True), table.share, strict=True))
            assert shares == pytest.approx({row: times / joint.count for row, times in stands.items()}, abs=1e-12)
            left = joint.part(variable, outcome)
            assert set(zip(left.x1.tolist(), left.n1.tolist(), left.x2.tolist(), left.n2.tolist(), strict=True)) == set(
                stands
            )


@pytest.mark.parametrize("name", ["nested", "a chain", "missing", "n unknown"])
def test_draws_are_uniform_over_the_whole_set(name: str) -> None:
    size = 100_000 if name == "nested" else 20_000
    sets, nested, total = case(name)
    joint = subgroups(sets, nested=nested, total=total)
    listed = joint.to_frame()
    drawn = joint.draw(size, rng=83)
    assert list(drawn.columns) == list(listed.columns)
    pair = pd.concat([listed, drawn]).groupby(list(listed.columns)).ngroup().to_numpy()
    times = np.bincount(pair[len(listed) :], minlength=pair.max() + 1)
    # As many kinds as members: nothing outside of the set was drawn, and no member stands twice.
    assert times.size == len(listed) == joint.count
    if size < 10 * times.size:
        # Neighbours together, so that each place is drawn often enough.
        times = times[: times.size // 100 * 100].reshape(-1, 100).sum(axis=1)
    assert 1e-4 < stats.chisquare(times).pvalue < 1 - 1e-4
    pd.testing.assert_frame_equal(joint.draw(5, rng=1), joint.draw(5, rng=1))


@pytest.mark.parametrize("name", ["nested", "one outcome", "missing"])
def test_what_a_further_number_would_leave_is_counted_in_the_list(name: str) -> None:
    sets, nested, total = case(name)
    joint = subgroups(sets, nested=nested, total=total)
    frame = joint.to_frame()
    found = joint.most_informative(["events", "n1", "x1"])
    assert len(found) == sum(len(parts) for parts in sets.values()) * 2 + len(joint.outcomes)
    for row in found.to_dict("records"):
        variable = row["variable"] or next(each for each, parts in sets.items() if row["outcome"] in parts)
        x1, n1, x2, n2 = (frame[f"{variable}_{row['outcome']}_{key}"] for key in ("x1", "n1", "x2", "n2"))
        # A combination prints either count when its groups cannot be told apart.
        smaller = np.minimum(n1, n2)
        shown = {"events": (x1 + x2,), "n1": (smaller,), "x1": (x1, x2)}[row["figure"]]
        prints = pd.concat([pd.DataFrame({"value": each, "member": each.index}) for each in shown])
        left = prints.drop_duplicates().groupby("value").size()
        each = prints["value"].map(left)
        assert row["printed"] == len(left)
        assert row["most"] == pytest.approx(left.max())
        assert row["expected"] == pytest.approx(each.mean())
        assert row["bits"] == pytest.approx(np.log2(len(frame) / each).mean(), abs=1e-12)
    assert found["expected"].is_monotonic_increasing


def test_effects_range_over_what_is_left() -> None:
    joint = subgroups({"a": {"x": "0.230", "y": "0.397"}, "b": {"x": "0.397"}}, n=83, test="pearson")
    frame = joint.effects().set_index(["variable", "outcome", "effect"])
    for variable, name in (("a", "x"), ("a", "y"), ("b", "x")):
        part = joint.part(variable, name).effects().set_index("effect")
        pd.testing.assert_frame_equal(frame.loc[variable, name], part)
    nothing = joint.where("x", events=2)
    assert list(nothing.effects().columns) == ["variable", "outcome", "effect", "low", "high", "distinct", "undefined"]
    assert len(nothing.effects()) == len(nothing.most_informative()) == 0


def test_numbers_of_all_people_hold_for_every_variable() -> None:
    printed = {"a": {"x": "> .3", "y": {"p": "> .2"}}, "b": {"x": tables(n=20, p="> .5", test="pearson")}}
    base = subgroups(printed, n=20, test="pearson")
    both = subgroups(printed, n=20, test="pearson", overall={"x": {"rate": "35%"}, "y": {"events": range(3, 6)}})
    later = base.where("x", rate="35%").where("y", events=range(3, 6))
    assert 0 < both.count == later.count < base.count
    assert both.marginal("x").events.tolist() == [7]
    assert both.marginal("y").events.tolist() == [3, 4, 5]
    assert subgroups(printed, n=20, test="pearson", overall={}).count == base.count


# ---------------------------------------------------------------------------------------------------------- properties
def test_one_variable_is_what_outcomes_returns() -> None:
    printed = {"response": "0.230", "remission": "0.397"}
    joint = subgroups({"load": printed}, n=83, test="pearson", nested=NESTED)
    alone = outcomes(printed, n=83, test="pearson", nested=NESTED)
    assert joint.count == len(alone) == 6
    assert joint.splits("load").tolist() == alone.splits.tolist()


def test_totals_that_one_variable_fixes_narrow_the_others() -> None:
    """Trauma load leaves 21 to 51 responders in six tables; a subgroup that is not significant must share them."""
    joint = subgroups(
        {"load": {"response": "0.230", "remission": "0.397"}, "sexual abuse": {"response": "ns"}},
        n=83,
        test="pearson",
        nested=NESTED,
    )
    assert sorted(joint.marginal("response").events) == [21, 32, 51, 55, 62]
    other = joint.part("sexual abuse", "response")
    assert set((other.x1 + other.x2).tolist()) == {21, 32, 51, 55, 62}
    assert len(other) < len(joint.sets["sexual abuse"]["response"])


def test_five_trauma_types_that_are_not_significant_are_counted_without_a_list() -> None:
    printed = {"response": "ns", "remission": "ns"}
    joint = subgroups(dict.fromkeys(TYPES, printed), n=83, test="pearson", nested=NESTED)
    one = subgroups({"a": printed}, n=83, test="pearson", nested=NESTED)
    # Five variables of which the same was printed: the sum of fifth powers.
    per_key = next(iter(one._samples)).weights().tolist()
    assert joint.count == sum(weight**5 for weight in per_key) > 2**63
    assert one.count == sum(per_key)
    assert joint
    with pytest.raises(OverflowError):
        len(joint)
    with pytest.raises(BudgetExceeded) as caught:
        joint.to_frame()
    assert caught.value.count == joint.count
    drawn = joint.draw(50, rng=1)
    for name in TYPES:
        x1, n1, x2, n2 = (drawn[f"{name}_response_{key}"] for key in ("x1", "n1", "x2", "n2"))
        assert (x1 + x2 == drawn[f"{TYPES[0]}_response_x1"] + drawn[f"{TYPES[0]}_response_x2"]).all()
        assert (drawn[f"{name}_remission_x1"] <= x1).all()
        assert (n1 + n2 == 83).all()
    assert joint.marginal("response", "sexual abuse").share.sum() == pytest.approx(1.0, rel=1e-9)


def test_a_constraint_never_adds_and_a_wider_rounding_never_removes() -> None:
    base = subgroups({"a": {"x": "0.23"}, "b": {"x": "0.397"}}, n=40, test="pearson")
    narrow = subgroups({"a": {"x": "0.230"}, "b": {"x": "0.397"}}, n=40, test="pearson")
    assert set(members(narrow)) <= set(members(base))
    for more in ({"events": 20}, {"events": range(15)}, {"n1": range(3, 12)}):
        fewer = base.where("x", **more)
        assert fewer.count <= base.count
        assert fewer.steps[-1].endswith(f"leaves {fewer.count:,} where there were {base.count:,} combinations")
    third = subgroups({"a": {"x": "0.23"}, "b": {"x": "0.397"}, "c": {"x": "> .8"}}, n=40, test="pearson")
    assert {key[:2] for key in members(third)} <= set(members(base))
    again = base.where("x", variable="b", n1=15).where("x", variable="a", events=12)
    assert len(again.steps) == 2
    assert "Then n1 = 15 of x by b leaves" in again.summary()


def test_more_digits_in_steps_are_all_digits_at_once() -> None:
    printed = {"a": {"x": "> .6", "y": "> .3"}, "b": {"x": "> .5"}}
    base = subgroups(printed, n=15, test="pearson", nested=[("y", "x")])
    steps = base.where("x", events=range(4, 9)).where("y", variable="a", rate1="25%")
    at_once = {
        "a": {"x": {"p": "> .6", "events": range(4, 9)}, "y": {"p": "> .3", "rate1": "25%"}},
        "b": {"x": {"p": "> .5", "events": range(4, 9)}},
    }
    once = subgroups(at_once, n=15, test="pearson", nested=[("y", "x")])
    assert 0 < once.count == steps.count < base.count
    assert sorted(members(steps)) == sorted(members(once))
    # Sizes that exclude each other leave nothing; they do not turn into missing people.
    wide = subgroups({"a": {"x": "> .6"}, "b": {"x": "> .6"}}, n=range(10, 13), test="pearson")
    assert not wide.where("x", variable="a", n=10).where("x", variable="b", n=12)
    symptoms = subgroups({"a": {"s": means(n=9, p="0.5")}})
    with pytest.raises(InvalidArgument, match="proportion"):
        symptoms.where("s", events=3)


def test_the_order_of_variables_and_outcomes_does_not_matter() -> None:
    sets, nested, _ = case("a chain")
    joint = subgroups(sets, nested=nested)
    back = subgroups({v: dict(reversed(parts.items())) for v, parts in reversed(sets.items())}, nested=nested)
    frame, other = joint.to_frame(), back.to_frame()
    columns = sorted(frame.columns)
    assert columns == sorted(other.columns)
    assert sorted(frame[columns].itertuples(index=False)) == sorted(other[columns].itertuples(index=False))


@settings(max_examples=12)
@given(st.data())
def test_properties_of_any_two_variables(data: st.DataObject) -> None:
    """The truth is inside; more digits and more variables never add; exchanged groups mirror the set."""
    n = data.draw(st.integers(6, 9))
    people = [(data.draw(st.integers(0, 2)), *data.draw(st.tuples(*[st.booleans()] * 2))) for _ in range(n)]
    tables_of: dict[str, dict[str, Table]] = {}
    for place, variable in enumerate("ab", start=1):
        groups = [[state for state, *groups in people if groups[place - 1] == side] for side in (False, True)]
        assume(all(groups))
        tables_of[variable] = {
            name: tuple(value for group in groups for value in (sum(s >= least for s in group), len(group)))  # type: ignore[misc]
            for name, least in (("inner", 2), ("outer", 1))
        }
    nested = [("inner", "outer")]

    def printed(digits: int, variables: str, turned: bool = False) -> CompatibleSubgroups:
        known = {}
        for variable in variables:
            known[variable] = {
                name: {"p": f"{fisher(table):.{digits}f}", "n1": table[3] if turned else table[1]}
                for name, table in tables_of[variable].items()
            }
        return subgroups(known, n=n, test="fisher", nested=nested)

    exact, coarse, alone = printed(3, "ab"), printed(2, "ab"), printed(3, "a")
    found = set(members(exact))
    truth = tuple(((t["inner"][1], t["inner"][3]), (t["inner"], t["outer"])) for t in tables_of.values())
    assert truth in found
    assert found <= set(members(coarse))
    assert {key[:1] for key in found} <= set(members(alone))
    mirror = {
        tuple(((n2, n1), tuple((c, d, a, b) for a, b, c, d in rows)) for (n1, n2), rows in key)
        for key in members(printed(3, "ab", turned=True))
    }
    assert mirror == found


@cache
def fisher(table: Table) -> float:
    x1, n1, x2, n2 = table
    return float(stats.fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue)


def test_means_share_the_split_of_their_variable() -> None:
    symptoms = means(n=83, n1=range(30, 40), p="0.572")
    joint = subgroups(
        {"load": {"response": "0.230", "symptoms": symptoms}, "abuse": {"response": "ns"}}, n=83, test="pearson"
    )
    plain = subgroups({"load": {"response": "0.230"}, "abuse": {"response": "ns"}}, n=83, test="pearson")
    assert joint.count > 0
    assert set(joint.splits("load")[:, 0].tolist()) <= set(range(30, 40))
    assert joint.splits("load").shape[0] < plain.splits("load").shape[0] + 1
    assert set(joint.part("load", "symptoms").n1.tolist()) == set(joint.splits("load")[:, 0].tolist())
    assert "symptoms" not in joint.identifiability.split("; alone")[0]


# ----------------------------------------------------------------------------------------------- empty, large, refused
def test_an_empty_set_names_the_first_that_left_nothing() -> None:
    joint = subgroups({"a": {"x": "0.230"}, "b": {"x": {"p": "0.397", "events": 3}}}, n=83, test="pearson")
    assert not joint
    assert joint.count == len(joint) == 0
    assert joint.emptied_by == "x by b"
    assert joint.identifiability.startswith("No data set fits all variables together: x by b leaves nothing")
    assert joint.to_frame().shape == (0, 12)
    assert joint.splits("a").shape == (0, 2)
    assert joint.marginal("x").shape == (0, 4)
    left = joint.part("a", "x")
    assert not left
    assert left.emptied_by == "x by b"
    assert joint.draw(1).shape == (0, 12)
    first = subgroups({"a": {"x": "0.0001", "y": "0.5"}, "b": {"x": "0.5"}}, n=7, test="pearson")
    assert first.emptied_by == "x by a"


def test_too_many_totals_are_refused_with_their_number() -> None:
    part = every(60)
    with pytest.raises(BudgetExceeded, match="combinations of totals") as caught:
        subgroups({"a": dict.fromkeys("uvwxyz", part)})
    assert caught.value.count == 61**6


@pytest.mark.parametrize(
    ("change", "argument", "kind"),
    [
        ({"printed": {}}, "printed", InvalidArgument),
        ({"printed": "0.230"}, "printed", InvalidType),
        ({"printed": {"a": "0.230"}}, "printed['a']", InvalidType),
        ({"printed": {"a": {}}}, "printed['a']", InvalidArgument),
        ({"printed": {3: {"x": "0.230"}}}, "printed", InvalidType),
        ({"printed": {"a": {"x": 0.23}}}, "printed['x']", InvalidType),
        ({"printed": {"a": {"": "0.23"}}}, "printed", InvalidType),
        ({"nested": [("x", "q")]}, "nested", InvalidArgument),
        ({"nested": [("x",)]}, "nested", InvalidType),
        ({"nested": "xy"}, "nested", InvalidType),
        ({"total": 8}, "total", InvalidArgument),
        ({"total": "9"}, "total", InvalidType),
        ({"budget": 0}, "budget", InvalidArgument),
        ({"test": None}, "test", InvalidArgument),
        ({"overall": "70%"}, "overall", InvalidType),
        ({"overall": {"z": {"rate": "70%"}}}, "overall", InvalidArgument),
        ({"overall": {"x": "70%"}}, "overall['x']", InvalidType),
        ({"overall": {"x": {"rate1": "70%"}}}, "overall['x']", InvalidArgument),
        ({"printed": {"a": {"x": "0.5"}, "b": {"x": means(n=9, p="0.5")}}}, "printed", InvalidArgument),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], argument: str, kind: type[Exception]) -> None:
    good = {"printed": {"a": {"x": "0.5", "y": "1.0"}}, "n": 9, "test": "fisher"}
    with pytest.raises(kind) as caught:
        subgroups(**(good | change))
    assert caught.value.argument == argument


def test_questions_about_unknown_names_are_refused() -> None:
    joint = subgroups({"a": {"x": every(5)}, "b": {"x": "0.5"}}, n=5, test="fisher")
    for ask in (
        lambda: joint.splits("c"),
        lambda: joint.part("a", "y"),
        lambda: joint.part("c", "x"),
        lambda: joint.marginal("y"),
        lambda: joint.marginal("x", "c"),
        lambda: joint.draw(0),
        lambda: joint.where("y", events=1),
        lambda: joint.where("x", variable="c", events=1),
        lambda: joint.where("x", variable="a", event=1),
    ):
        with pytest.raises(InvalidArgument):
            ask()
    assert isinstance(joint, ks.reconstruct.CompatibleSet)


def test_only_events_can_be_nested() -> None:
    printed = {"v": {"m": {"p": "0.5", "test": "student"}, "x": {"p": "0.5", "test": "pearson"}}}
    assert subgroups(printed, n=20)
    for pair in (("m", "x"), ("x", "m"), ("x", "y")):
        with pytest.raises(InvalidArgument, match="nested"):
            subgroups(printed, n=20, nested=[pair])
