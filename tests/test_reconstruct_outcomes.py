"""Several outcomes on one split, against joins that enumerate people."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest

import ketastats as ks
from ketastats.errors import BudgetExceeded, InvalidArgument, InvalidType
from ketastats.reconstruct import CompatibleOutcomes, CompatibleTables, means, outcomes, tables

Table = tuple[int, int, int, int]
Member = tuple[tuple[int, int], tuple[Table, ...]]

#: Published reconstruction of 83 people: response and remission, events in the smaller and the larger group.
SIX = [
    ((28, 55), (21, 34), (11, 27)),
    ((28, 55), (21, 34), (17, 28)),
    ((37, 46), (7, 14), (4, 8)),
    ((37, 46), (30, 32), (4, 8)),
    ((38, 45), (12, 20), (11, 17)),
    ((38, 45), (26, 25), (11, 17)),
]
NESTED = [("remission", "response")]


def members(joint: CompatibleOutcomes) -> list[Member]:
    """The members as plain tuples, read from the data frame."""
    frame = joint.to_frame()
    names = list(joint.sets)
    result = []
    for _, row in frame.iterrows():
        split = (int(row["n1"]), int(row["n2"]))
        columns = ("x1", "n1", "x2", "n2")
        result.append((split, tuple(tuple(int(row[f"{name}_{key}"]) for key in columns) for name in names)))
    return result


def mirror(member: Member) -> Member:
    (n1, n2), rows = member
    return (n2, n1), tuple((x2, m2, x1, m1) for x1, m1, x2, m2 in rows)


# --------------------------------------------------------------------------------------------------- the published six
def test_six_nested_pairs_of_eighty_three_people() -> None:
    joint = outcomes({"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=NESTED)
    assert [(split, (a[0], a[2]), (b[0], b[2])) for split, (a, b) in sorted(members(joint))] == SIX
    assert joint.splits.tolist() == [[28, 55], [37, 46], [38, 45]]
    assert joint.identifiability == (
        "6 combinations of the outcomes remain, on 3 splits (28/55, 37/46, 38/45); alone the outcomes allow "
        "14 for response, 16 for remission."
    )
    assert not joint.labelled
    assert joint.emptied_by == ""
    frame = joint.to_frame()
    shares = (100 * frame["response_x1"] / frame["response_n1"]).round(1)
    assert sorted(shares) == [18.9, 31.6, 68.4, 75.0, 75.0, 81.1]


def test_seven_other_pairs_with_yates_correction() -> None:
    corrected = outcomes({"response": "0.230", "remission": "0.397"}, n=83, test="yates", nested=NESTED)
    plain = outcomes({"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=NESTED)
    assert len(corrected) == 7
    assert not set(members(corrected)) & set(members(plain))


def test_every_way_of_giving_the_outcomes_gives_the_same() -> None:
    expected = members(outcomes({"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=NESTED))
    alone = {name: tables(n=83, p=p, test="pearson") for name, p in (("response", "0.230"), ("remission", "0.397"))}
    assert members(outcomes(alone, nested=NESTED)) == expected
    words = {name: {"p": p, "test": "pearson"} for name, p in (("response", "0.230"), ("remission", "0.397"))}
    assert members(outcomes(words, n=83, nested=NESTED)) == expected
    mixed = {"response": ks.Reported("0.230"), "remission": alone["remission"]}
    assert members(outcomes(mixed, n=83, test="pearson", nested=NESTED)) == expected
    assert members(outcomes(mixed, n=83, test="pearson", nested=NESTED, total=83)) == expected
    reverse = outcomes({"remission": "0.397", "response": "0.230"}, n=83, test="pearson", nested=NESTED)
    assert sorted((split, (a, b)) for split, (b, a) in members(reverse)) == sorted(expected)


# ------------------------------------------------------------------------------------------------ people, one by one
@cache
def observable(people: int) -> frozenset[tuple[int, int, int, int]]:
    """All (x_inner, n_inner, x_outer, n_outer) that a group can show, by trying what every person is and shows."""
    kinds = [
        (seen_in and inner, seen_in, seen_out and outer, seen_out)
        for inner, outer in ((0, 0), (0, 1), (1, 1))
        for seen_in in (0, 1)
        for seen_out in (0, 1)
    ]
    return frozenset(
        tuple(map(sum, zip(*group, strict=True)))  # type: ignore[misc]
        for group in itertools.combinations_with_replacement(kinds, people)
    )


@cache
def observable_chain(people: int) -> frozenset[tuple[int, ...]]:
    """The same for three outcomes, each inside the next."""
    kinds = [
        tuple(number for event, seen in zip(state, shown, strict=True) for number in (event * seen, seen))
        for state in ((0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1))
        for shown in itertools.product((0, 1), repeat=3)
    ]
    return frozenset(
        tuple(map(sum, zip(*group, strict=True))) for group in itertools.combinations_with_replacement(kinds, people)
    )


def every(n: object) -> CompatibleTables:
    """All tables of n people: Fisher's p is always at least 0."""
    return tables(n=n, p=">= 0", test="fisher")


def labelled_tables(n: object) -> list[Table]:
    found = tables(n=n, n1=range(1, 20), p=">= 0", test="fisher")
    return list(zip(found.x1.tolist(), found.n1.tolist(), found.x2.tolist(), found.n2.tolist(), strict=True))


def by_people(total: int, inner: list[Table], outer: list[Table]) -> set[Member]:
    """Members up to exchange of the groups, by looking up each group among what people can show."""
    result = set()
    for size in range(1, total // 2 + 1):
        split = (size, total - size)
        for a, b in itertools.product(inner, outer):
            fits = a[1] <= split[0] and a[3] <= split[1] and b[1] <= split[0] and b[3] <= split[1]
            if fits and (*a[:2], *b[:2]) in observable(split[0]) and (*a[2:], *b[2:]) in observable(split[1]):
                member = (split, (a, b))
                result.add(min(member, mirror(member)) if split[0] == split[1] else member)
    return result


@pytest.mark.parametrize("total", [4, 5, 6])
def test_nesting_with_missing_outcomes_is_what_people_can_show(total: int) -> None:
    sizes = range(max(2, total - 2), total + 1)
    joint = outcomes({"inner": every(sizes), "outer": every(sizes)}, nested=[("inner", "outer")], total=total)
    found = members(joint)
    assert len(found) == len(set(found))
    canonical = {min(m, mirror(m)) if m[0][0] == m[0][1] else m for m in found}
    assert len(canonical) == len(found)
    assert canonical == by_people(total, labelled_tables(sizes), labelled_tables(sizes))


def test_a_chain_of_three_with_missing_outcomes_is_what_people_can_show() -> None:
    """a in b and b in c imply a in c, also where b is missing and says nothing."""
    sizes = range(2, 4)
    parts = {"a": every(sizes), "b": every(sizes), "c": every(sizes)}
    joint = outcomes(parts, nested=[("a", "b"), ("b", "c")], total=4)
    assert joint.nested == (("a", "b"), ("b", "c"))
    found = {min(m, mirror(m)) if m[0][0] == m[0][1] else m for m in members(joint)}
    expected = set()
    rows = labelled_tables(sizes)
    for split in ((1, 3), (2, 2)):
        fits = [t for t in rows if t[1] <= split[0] and t[3] <= split[1]]
        for three in itertools.product(fits, repeat=3):
            first = tuple(number for table in three for number in table[:2])
            second = tuple(number for table in three for number in table[2:])
            if first in observable_chain(split[0]) and second in observable_chain(split[1]):
                member = (split, three)
                expected.add(min(member, mirror(member)) if split[0] == split[1] else member)
    assert found == expected
    assert len(joint) == len(expected)


@pytest.mark.parametrize("n", [6, 7, 8, 11])
@pytest.mark.parametrize("nested", [(), (("a", "b"),), (("a", "b"), ("b", "c"))])
def test_the_join_without_missing_outcomes_by_trying_all_triples(n: int, nested: tuple[tuple[str, str], ...]) -> None:
    printed = {"a": ("0.5", "pearson"), "b": ("1.0", "fisher"), "c": ("0.2", "lr")}
    labelled = {}
    for name, (p, test) in printed.items():
        found = tables(n=n, n1=range(1, n), p=p, test=test)
        labelled[name] = list(
            zip(found.x1.tolist(), found.n1.tolist(), found.x2.tolist(), found.n2.tolist(), strict=True)
        )
    expected = set()
    for three in itertools.product(*labelled.values()):
        rows = dict(zip(labelled, three, strict=True))
        alike = len({(t[1], t[3]) for t in three}) == 1
        inside = all(rows[i][0] <= rows[o][0] and rows[i][2] <= rows[o][2] for i, o in nested)
        member = ((three[0][1], three[0][3]), three)
        if alike and inside and three[0][1] <= three[0][3]:
            expected.add(min(member, mirror(member)) if n == 2 * three[0][1] else member)
    joint = outcomes({name: {"p": p, "test": test} for name, (p, test) in printed.items()}, n=n, nested=nested)
    found = members(joint)
    canonical = {min(m, mirror(m)) if m[0][0] == m[0][1] else m for m in found}
    assert len(canonical) == len(found)
    assert canonical == expected


def test_equal_groups_stand_once_but_keep_their_relative_orientation() -> None:
    """2 of 5 against 3 of 5 twice: the outcomes can go together or against each other, and that is all."""
    one = tables(n1=5, n2=5, events=5, p="0.527", test="pearson")
    assert sorted(one.x1.tolist()) == [2, 3]
    alone = tables(n=10, events=5, p="0.527", test="pearson")
    equal = [row for row in zip(alone.x1.tolist(), alone.n1.tolist(), strict=True) if row[1] == 5]
    assert equal == [(2, 5)]
    joint = outcomes({"a": alone, "b": alone})
    pairs = {(a[0], b[0]) for split, (a, b) in members(joint) if split == (5, 5)}
    assert len([m for m in members(joint) if m[0] == (5, 5)]) == 2
    assert pairs == {(2, 2), (2, 3)}


def test_labelled_outcomes_orient_the_others() -> None:
    response = tables(n=83, rate1="18.9%", rate2="30.4%", p="0.230", test="pearson")
    joint = outcomes({"response": response, "remission": "0.397"}, n=83, test="pearson", nested=NESTED)
    assert joint.labelled
    assert [m for m in members(joint) if m[0] == (37, 46)] == [((37, 46), ((7, 37, 14, 46), (4, 37, 8, 46)))]
    turned = tables(n=83, rate1="30.4%", rate2="18.9%", p="0.230", test="pearson")
    back = outcomes({"response": turned, "remission": "0.397"}, n=83, test="pearson", nested=NESTED)
    assert sorted(members(back)) == sorted(mirror(member) for member in members(joint))


def test_a_range_of_n_joins_n_by_n() -> None:
    common = {"test": "pearson", "nested": NESTED}
    together = outcomes({"response": "0.230", "remission": "0.397"}, n=range(79, 84), **common)
    apart = [outcomes({"response": "0.230", "remission": "0.397"}, n=n, **common) for n in range(79, 84)]
    assert sorted(members(together)) == sorted(m for joint in apart for m in members(joint))
    assert "the same people have every outcome" in together.assumptions


def test_outcomes_of_unlike_n_are_parts_of_the_largest() -> None:
    joint = outcomes({"a": {"n": 9}, "b": {"n": 10}}, p=">= 0", test="fisher", nested=[("a", "b")])
    assert set((joint.n1 + joint.n2).tolist()) == {10}
    assert any("10 people, of whom each outcome may miss some" in sentence for sentence in joint.assumptions)
    for split, (a, b) in members(joint):
        assert a[1] <= split[0]
        assert a[3] <= split[1]
        assert (b[1], b[3]) == split
        # Everyone has b: no one with a can lack it.
        assert a[0] <= b[0]
        assert a[2] <= b[2]


# ------------------------------------------------------------------------------------------------------- with means
def test_means_share_the_split_and_nothing_else() -> None:
    symptoms = means(n=83, p="0.572")
    joint = outcomes(
        {"response": "0.230", "symptoms": symptoms, "remission": "0.397"}, n=83, test="pearson", nested=NESTED
    )
    assert len(joint) == 6
    assert joint.splits.tolist() == [[28, 55], [37, 46], [38, 45]]
    frame = joint.to_frame()
    np.testing.assert_array_equal(frame[["symptoms_n1", "symptoms_n2"]], np.stack([joint.n1, joint.n2], axis=1))
    np.testing.assert_array_equal(frame["symptoms_t_low"], symptoms.t_low[joint.index["symptoms"]])
    assert {"n1", "n2", "response_x1", "symptoms_d_low", "remission_x2"} <= set(frame.columns)


def test_means_fit_either_way_round_where_people_are_missing() -> None:
    """7 people with a mean among 4 and 5: 3 and 4 of them, or 4 and 3, or 2 and 5."""
    joint = outcomes({"a": means(n=7, p="0.5")}, total=9)
    frame = joint.to_frame()
    five = frame[(frame["n1"] == 4) & (frame["n2"] == 5)]
    assert sorted(zip(five["a_n1"], five["a_n2"], strict=True)) == [(2, 5), (3, 4), (4, 3)]
    even = outcomes({"a": means(n=7, p="0.5")}, total=8).to_frame()
    even = even[even["n1"] == 4]
    assert sorted(zip(even["a_n1"], even["a_n2"], strict=True)) == [(3, 4)]
    # A labelled outcome turns the unlabelled split of the means.
    turned = outcomes({"a": means(n=7, p="0.5"), "b": tables(n1=4, n2=3, rate1="50%")})
    assert set(zip(turned.to_frame()["a_n1"], turned.to_frame()["a_n2"], strict=True)) == {(4, 3)}


# ------------------------------------------------------------------------------------------------- empty and too many
def test_an_empty_join_says_what_emptied_it() -> None:
    nothing = outcomes({"a": "0.230", "b": "0.0001"}, n=9, test="pearson")
    assert not nothing
    assert nothing.emptied_by in ("a", "b")
    assert nothing.to_frame().shape[0] == 0
    apart = outcomes({"a": tables(n1=3, n2=6, rate1="33%"), "b": tables(n1=4, n2=5, rate1="50%")})
    assert apart.emptied_by == "the split that they share"
    assert apart.identifiability.startswith("No data set fits all outcomes together: the split")
    nested = outcomes(
        {"all": tables(n1=4, n2=4, rate1="100%"), "none": tables(n1=4, n2=4, rate1="0%")}, nested=[("all", "none")]
    )
    assert nested.emptied_by == "nesting all in none"
    assert nested.splits.shape == (0, 2)
    assert "nesting all in none leaves nothing" in nested.summary()


def test_the_budget_of_the_join_is_exact() -> None:
    printed = {"response": "0.230", "remission": "0.397"}
    assert len(outcomes(printed, n=83, test="pearson", nested=NESTED, budget=6)) == 6
    with pytest.raises(BudgetExceeded) as caught:
        outcomes(printed, n=83, test="pearson", nested=NESTED, budget=5)
    assert caught.value.count == 6
    everything = every(60)
    with pytest.raises(BudgetExceeded) as caught:
        outcomes({"a": everything, "b": everything, "c": everything}, budget=1000)
    assert caught.value.count > 1000
    assert "n1 and n2" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "argument", "kind"),
    [
        ({"printed": {}}, "printed", InvalidArgument),
        ({"printed": "0.230"}, "printed", InvalidType),
        ({"printed": [("a", "0.230")]}, "printed", InvalidType),
        ({"printed": {"": "0.230"}}, "printed", InvalidType),
        ({"printed": {3: "0.230"}}, "printed", InvalidType),
        ({"printed": {"a": 0.23}}, "printed['a']", InvalidType),
        ({"printed": {"a": None}}, "printed['a']", InvalidType),
        ({"printed": {"a": "maybe"}}, "p", InvalidArgument),
        ({"nested": [("a", "c")]}, "nested", InvalidArgument),
        ({"nested": [("a", "b", "a")]}, "nested", InvalidType),
        ({"nested": ["ab"]}, "nested", InvalidType),
        ({"nested": "ab"}, "nested", InvalidType),
        ({"nested": ("a", "b")}, "nested", InvalidType),
        ({"nested": 5}, "nested", InvalidType),
        ({"nested": None}, "nested", InvalidType),
        ({"nested": [(1, 2)]}, "nested", InvalidType),
        ({"total": 8}, "total", InvalidArgument),
        ({"total": "9"}, "total", InvalidType),
        ({"total": 9.0}, "total", InvalidType),
        ({"budget": 0}, "budget", InvalidArgument),
        ({"budget": None}, "budget", InvalidType),
        ({"test": None}, "test", InvalidArgument),
        ({"n": "9"}, "n", InvalidType),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], argument: str, kind: type[Exception]) -> None:
    good = {"printed": {"a": "0.5", "b": "1.0"}, "n": 9, "test": "fisher"}
    with pytest.raises(kind) as caught:
        outcomes(**(good | change))
    assert caught.value.argument == argument


def test_keywords_that_nothing_would_use_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="found already"):
        outcomes({"a": every(5)}, n=9)
    with pytest.raises(TypeError, match="tets"):
        outcomes({"a": "0.5"}, n=9, tets="pearson")


def test_nesting_and_tables_are_for_proportions() -> None:
    joint = outcomes({"a": "1.0", "m": means(n=9, p="0.5")}, n=9, test="fisher")
    with pytest.raises(InvalidArgument, match="one of a"):
        joint.table("m")
    with pytest.raises(InvalidArgument, match="one of a"):
        joint.table("x")
    with pytest.raises(InvalidArgument, match="nested"):
        outcomes({"a": "1.0", "m": means(n=9, p="0.5")}, n=9, test="fisher", nested=[("a", "m")])
    x1, n1, x2, n2 = joint.table("a")
    np.testing.assert_array_equal(n1, joint.n1)
    np.testing.assert_array_equal(n2, joint.n2)
    assert ((x1 <= n1) & (x2 <= n2)).all()


# ------------------------------------------------------------------------------------------------- the set itself
def test_more_digits_are_all_digits_at_once() -> None:
    printed = {"response": "0.230", "remission": "0.397"}
    joint = outcomes(printed, n=83, test="pearson", nested=NESTED)
    for more in ({"n1": 37}, {"events": range(25, 60)}, {"rate1": "18.9%"}, {"risk_difference": "-0.115"}):
        steps = joint.where("response", **more)
        once = outcomes(printed | {"response": {"p": "0.230"} | more}, n=83, test="pearson", nested=NESTED)
        assert 0 < len(steps) == len(once) < len(joint)
        assert sorted(members(steps)) == sorted(members(once))
        assert steps.labelled == once.labelled
    twice = joint.where("response", events=21).where("remission", n2=46)
    assert len(twice) == 1
    assert len(twice.steps) == 2
    assert "Then n2 = 46 of remission leaves 1 where there were 1 combination." in twice.summary()
    assert not twice.where("remission", n2=47)
    with pytest.raises(InvalidArgument, match="proportion"):
        outcomes({"m": means(n=9, p="0.5")}).where("m", events=3)
    with pytest.raises(InvalidArgument, match="outcome"):
        joint.where("relapse", events=3)


def test_sizes_that_exclude_each_other_do_not_turn_into_missing_people() -> None:
    joint = outcomes({"a": "> .6", "b": "> .6"}, n=range(10, 13), test="pearson")
    assert not joint.where("a", n=10).where("b", n=12)
    missing = outcomes({"a": "> .6", "b": "> .6"}, n=range(10, 13), total=12, test="pearson")
    fewer = missing.where("a", n=10).where("b", n=12)
    once = outcomes({"a": {"n": 10}, "b": {"n": 12}}, p="> .6", test="pearson", total=12)
    assert sorted(members(fewer)) == sorted(members(once))


def test_marginals_draws_and_what_is_left_are_those_of_the_list() -> None:
    joint = outcomes({"response": "0.230", "remission": "0.397"}, n=83, test="pearson", nested=NESTED)
    frame = joint.to_frame()
    marginal = joint.marginal("response_x1")
    assert dict(zip(marginal["response_x1"], marginal["members"], strict=True)) == dict(
        frame["response_x1"].value_counts()
    )
    assert joint.marginal("response_events")["response_events"].tolist() == [21, 32, 51, 55, 62]
    with pytest.raises(InvalidArgument, match="remission_events"):
        joint.marginal("relapse_x1")
    drawn = joint.draw(600, rng=83)
    assert list(drawn.columns) == list(frame.columns)
    times = drawn.groupby(list(drawn.columns)).size()
    assert len(times) == 6
    assert 60 < times.min() <= times.max() < 140
    left = joint.part("response")
    assert set(left.x1.tolist()) == set(frame["response_x1"])
    assert len(left) == frame[["response_x1", "response_n1"]].drop_duplicates().shape[0]
    empty = outcomes({"a": "0.230", "b": {"p": "0.397", "events": 3}}, n=83, test="pearson")
    assert not empty.part("a")
    assert empty.part("a").emptied_by == empty.emptied_by
    assert empty.draw(3).shape[0] == 0
