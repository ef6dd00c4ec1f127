"""Several outcomes on one split, against joins that enumerate people."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
def observable(people: int, states: tuple[tuple[int, ...], ...], together: int) -> frozenset[tuple[int, ...]]:
    """All (x, n, x, n, ...) that a group can show, by trying what every person is and shows of it.

    The first `together` outcomes are known of the same people, the others of anyone.
    """
    number = len(states[0])
    shown = [row for row in itertools.product((0, 1), repeat=number) if len({*row[:together]}) < 2]
    kinds = {
        tuple(count for event, seen in zip(state, pattern, strict=True) for count in (event * seen, seen))
        for state in states
        for pattern in shown
    }
    found = {(0,) * (2 * number)}
    for _ in range(people):
        found = {tuple(map(sum, zip(one, kind, strict=True))) for one in found for kind in kinds}
    return frozenset(found)


def by_people(total: int, sizes: range, states: tuple[tuple[int, ...], ...], *, together: int) -> set[Member]:
    """Members up to exchange of the groups, by joining what the people of two groups can show."""
    result = set()
    for size in range(1, total // 2 + 1):
        split = (size, total - size)
        groups = (observable(people, states, together) for people in split)
        for one, two in itertools.product(*groups):
            rows = tuple((*one[at : at + 2], *two[at : at + 2]) for at in range(0, len(one), 2))
            if all(t[1] and t[3] and t[1] + t[3] in sizes for t in rows):
                member = (split, rows)
                result.add(min(member, mirror(member)) if split[0] == split[1] else member)
    return result


def unique(joint: CompatibleOutcomes) -> set[Member]:
    """Members up to exchange of equal groups, each of which stands once."""
    found = members(joint)
    canonical = {min(m, mirror(m)) if m[0][0] == m[0][1] else m for m in found}
    assert len(canonical) == len(found)
    return canonical


def every(n: object) -> CompatibleTables:
    """All tables of n people: Fisher's p is always at least 0."""
    return tables(n=n, p=">= 0", test="fisher")


RELATED = [
    (2, {"nested": [("a", "b")]}, lambda a, b: a <= b, (4, 5, 6)),
    (2, {"nested": [("a", "b"), ("b", "a")]}, lambda a, b: a == b, (5,)),
    (2, {"exclusive": [("a", "b")]}, lambda a, b: a + b < 2, (4, 5)),
    (2, {"nested": [("a", "b")], "exclusive": [("a", "b")]}, lambda a, b: a == 0, (5,)),
    (2, {"sums": {"n": ("a", "b")}}, lambda a, b: a + b == 1, (5,)),
    (3, {"nested": [("a", "b"), ("b", "c")]}, lambda a, b, c: a <= b <= c, (4,)),
    (3, {"nested": [("a", "c"), ("b", "c")]}, lambda a, b, c: max(a, b) <= c, (4,)),
    (3, {"exclusive": [("a", "b", "c")]}, lambda a, b, c: a + b + c < 2, (4,)),
    (3, {"exclusive": [("a", "b")], "nested": [("a", "c"), ("b", "c")]}, lambda a, b, c: a + b <= c, (4,)),
    (3, {"exclusive": [("b", "c")], "nested": [("a", "b")]}, lambda a, b, c: a <= b and b + c < 2, (4,)),
    (3, {"sums": {"c": ("a", "b")}}, lambda a, b, c: a + b == c, (4, 5)),
    (3, {"sums": {"n": ("a", "b", "c")}}, lambda a, b, c: a + b + c == 1, (5,)),
    (
        4,
        {"sums": {"c": ("a", "b")}, "nested": [("d", "c")], "exclusive": [("a", "d")]},
        lambda a, b, c, d: a + b == c and d <= b,
        (5,),
    ),
]


@pytest.mark.parametrize(("number", "relations", "holds", "totals"), RELATED, ids=[str(row[1]) for row in RELATED])
def test_relations_leave_what_people_can_show(number: int, relations: dict, holds, totals: tuple[int, ...]) -> None:
    names = "abcd"[:number]
    states = tuple(state for state in itertools.product((0, 1), repeat=number) if holds(*state))
    together = 3 if "c" in relations.get("sums", "") else number if "sums" in relations else 0
    for total in totals:
        sizes = range(max(2, total - 2 if number == 2 else total - 1), total + 1)
        missing = outcomes({name: every(sizes) for name in names}, **relations, total=total)
        assert unique(missing) == by_people(total, sizes, states, together=together)
        whole = outcomes({name: every(total) for name in names}, **relations)
        assert unique(whole) == by_people(total, range(total, total + 1), states, together=number)


def test_relations_may_be_given_before_or_after_what_they_relate() -> None:
    related = {"sums": {"c": ("a", "b")}, "nested": [("d", "a")]}
    orders = [outcomes({name: every(5) for name in order}, **related) for order in ("abcd", "dcba", "bdac")]
    found = [
        {(split, tuple(rows[list(joint.sets).index(name)] for name in "abcd")) for split, rows in members(joint)}
        for joint in orders
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == len(orders[0]) > 100


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


def test_means_may_be_given_by_keywords_of_their_own() -> None:
    tests = {"response": "0.230", "remission": {"p": "0.397"}}
    expected = outcomes(tests | {"symptoms": means(n=83, p="0.572")}, n=83, test="pearson", nested=NESTED).to_frame()
    by_test = outcomes(tests | {"symptoms": {"p": "0.572", "test": "student"}}, n=83, test="pearson", nested=NESTED)
    assert by_test.to_frame().equals(expected)
    # Of several tests each outcome takes its own.
    mixed = {
        "a": {"p": "0.230", "events": range(84)},
        "b": {"p": "0.397", "events": range(84)},
        "symptoms": {"t": "0.57"},
    }
    both = outcomes(mixed, n=83, test=("pearson", "student"), nested=[("b", "a")])
    assert len(both) == 6
    with pytest.raises(InvalidArgument, match="'response' may be a proportion or a mean"):
        outcomes(tests, n=83, test=("pearson", "student"))
    with pytest.raises(InvalidArgument, match=r"printed\['m'\] test is 't'; allowed: .*of means student, welch"):
        outcomes({"m": {"p": "0.572", "test": "t"}}, n=83)
    with pytest.raises(InvalidArgument, match=r"printed\['m'\] is 'pp'; allowed"):
        outcomes({"m": {"pp": "0.572", "test": "student"}}, n=83)
    assert both.to_frame()["symptoms_test"].unique().tolist() == ["student"]
    plain = outcomes(tests | {"symptoms": {"p": "0.572", "sd": "5.3"}}, n=83, test="pearson", nested=NESTED)
    assert np.isfinite(plain.to_frame()["symptoms_difference_high"]).all()
    only = outcomes({"a": "0.5", "b": {"d": "0.1"}}, n=12, test="welch")
    assert all(isinstance(part, ks.reconstruct.CompatibleMeans) for part in only.sets.values())
    with pytest.raises(InvalidArgument, match="events"):
        outcomes({"a": "0.5"}, n=12, test="student", events=3)
    with pytest.raises(InvalidType, match="give 'm' a rounding of its own"):
        outcomes({"a": "0.5", "m": {"d": "0.1"}}, n=12, test="pearson", rounding=("half", "truncate"))
    with pytest.raises(InvalidArgument, match="mean1"):
        outcomes({"a": "0.5"}, n=12, test="pearson", mean1="3.1")
    with pytest.raises(InvalidArgument, match=r"printed\['a'\] mean1"):
        outcomes({"a": {"mean1": "low", "mean2": "3.1", "sd": "2"}}, n=12)


def test_printed_means_orient_the_tables_and_are_turned_with_them() -> None:
    """Each mean belongs to a group of its own size: 37 people with a mean of 12, in whichever order they are given."""
    words = {"mean1": "12.0", "sd1": "4.0", "mean2": "10.0", "sd2": "5.0", "n1": 37, "n2": 46}
    turned = {"mean1": "10.0", "sd1": "5.0", "mean2": "12.0", "sd2": "4.0", "n1": 46, "n2": 37}
    one, two = (outcomes({"response": {"p": "0.230", "n": 83, "test": "pearson"}, "m": m}) for m in (words, turned))
    assert one.labelled
    assert not any("group 1" in sentence for sentence in one.assumptions)
    rates = outcomes({"a": {"rate1": "40%"}, "b": {"rate2": "> 10%"}}, n1=5, n2=3)
    assert "group 1 is the same group in all of a and b" in rates.assumptions
    assert sorted(members_of(one, "response")) == sorted(
        (x2, n2, x1, n1) for x1, n1, x2, n2 in members_of(two, "response")
    )
    # A split without labels is turned where another outcome labels it.
    wide = outcomes({"a": tables(n1=5, n2=3, rate1="40%"), "m": {"p": "0.5", "sd": "2.0", "n": 8}}).to_frame().iloc[0]
    alone = means(n1=3, n2=5, p="0.5", sd="2.0")
    assert (wide["m_n1"], wide["m_n2"]) == (5, 3)
    assert (wide["m_sd1_high"], wide["m_sd2_high"]) == (alone.sd2_high[0], alone.sd1_high[0])
    assert alone.sd1_high[0] != alone.sd2_high[0]


def members_of(joint: CompatibleOutcomes, name: str) -> list[Table]:
    return list(zip(*(column.tolist() for column in joint.table(name)), strict=True))


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
    assert nothing.emptied_by == "p of a"
    # What was found empty before keeps its own reason.
    before = tables(n=9, p="0.5", test="pearson", events=9)
    assert outcomes({"b": every(9), "a": before}).emptied_by == "events of a"
    assert nothing.to_frame().shape[0] == 0
    apart = outcomes({"a": tables(n1=3, n2=6, rate1="33%"), "b": tables(n1=4, n2=5, rate1="50%")})
    assert apart.emptied_by == "the split that b shares with a"
    assert apart.identifiability.startswith("No data set fits all outcomes together: the split")
    nested = outcomes(
        {"all": tables(n1=4, n2=4, rate1="100%"), "none": tables(n1=4, n2=4, rate1="0%")}, nested=[("all", "none")]
    )
    assert nested.emptied_by == "nesting all in none"
    assert nested.splits.shape == (0, 2)
    assert "nesting all in none leaves nothing" in nested.summary()


@pytest.mark.parametrize("n", [6, range(5, 8)])
def test_what_is_not_related_is_counted_first(n: object) -> None:
    parts = {"a": {"p": "ns"}, "b": {"p": "> .6"}, "m": {"p": "0.5", "test": "student"}}
    for more in ({}, {"total": 7}):
        joint = outcomes(parts, n=n, test="pearson", **more)
        assert len(outcomes(parts, n=n, test="pearson", budget=len(joint), **more)) == len(joint)
        with pytest.raises(BudgetExceeded) as caught:
            outcomes(parts, n=n, test="pearson", budget=len(joint) - 1, **more)
        assert caught.value.count == len(joint)


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


def test_related_outcomes_that_would_take_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ketastats.reconstruct._outcomes.splits._TRIES", 100)
    related = {"nested": [("a", "b"), ("b", "c")]}
    parts = {name: tables(n1=8, n2=9, p=">= 0", test="fisher") for name in "abc"}
    with pytest.raises(BudgetExceeded, match="combinations or more on one split"):
        outcomes(parts, **related, budget=1000)
    with pytest.raises(BudgetExceeded, match="combinations to try on one split") as caught:
        outcomes(parts, **related, budget=100)
    assert caught.value.count == 90 * 90
    # What is too much to try is not said to be empty; the impossible sum is.
    low, high = (tables(n1=8, n2=9, events=range(*ends)) for ends in ((1, 3), (16, 18)))
    assert outcomes({"a": high, "b": high, "c": low}, sums={"c": ("a", "b")}, budget=100).emptied_by.startswith(
        "a and b"
    )


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
        ({"printed": {"a": "maybe"}}, "printed['a'] p", InvalidArgument),
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
    assert "\nn2 = 46 of remission removed 0 of 1 combination.\n" in twice.summary()
    assert not twice.where("remission", n2=47)
    with pytest.raises(InvalidArgument, match="events"):
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
    assert joint.marginal("n1")["members"].tolist() == [2, 2, 2]
    assert joint.nested == (("remission", "response"),)
    scores = outcomes({"m": {"d": "0.2"}, "response": "0.230"}, n=83, test="pearson")
    assert scores.marginal("m_d_low")["members"].sum() == len(scores)
    with pytest.raises(InvalidArgument, match=r"n1, n2, n, m_n1, m_n2, .*response_events"):
        scores.marginal("m_median")
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


def test_effects_are_those_of_the_members() -> None:
    joint = outcomes({"m": {"d": "0.2"}, "a": "0.230", "b": "0.397"}, n=83, test="pearson", nested=[("b", "a")])
    effects = joint.effects().set_index(["outcome", "effect"])
    for name in "ab":
        x1, n1, x2, n2 = joint.table(name)
        difference = x1 / n1 - x2 / n2
        row = effects.loc[name, "risk_difference"]
        assert (row["low"], row["high"]) == pytest.approx((difference.min(), difference.max()), abs=1e-15)
        assert row["distinct"] == np.unique(difference.round(12)).size
        np.testing.assert_array_equal(joint.marginal(f"{name}_rate2")["members"].sum(), len(joint))
    row = effects.loc["m", "d"]
    assert (row["low"], row["high"]) == (joint.part("m").d_low.min(), joint.part("m").d_high.max())
    assert ("m", "difference") not in effects.index
    assert outcomes({"a": {"p": "0.230", "events": 3}}, n=83, test="pearson").effects().shape == (0, 6)


def test_the_most_informative_number_by_printing_every_member() -> None:
    joint = outcomes({"a": "0.230", "b": "0.397"}, n=83, test="pearson", nested=[("b", "a")])
    table = joint.most_informative(["n1", "events", "rate1"], decimals=2).set_index(["outcome", "figure"])
    assert set(table.index) == {(name, figure) for name in "ab" for figure in ("events", "rate1")} | {("all", "n1")}
    for name in "ab":
        events = [a + b for a, _, b, _ in members_of(joint, name)]
        left = [events.count(value) for value in events]
        row = table.loc[name, "events"]
        assert (row["expected"], row["most"]) == (np.mean(left), max(left))
        # A rate is printed of one group, whichever it is.
        printed = [{round(x1 / n1, 2), round(x2 / n2, 2)} for x1, n1, x2, n2 in members_of(joint, name)]
        shown = [value for pair in printed for value in pair]
        left = [sum(value in pair for pair in printed) for value in shown]
        assert table.loc[name, "rate1"]["expected"] == pytest.approx(np.mean(left))
    assert joint.most_informative("events", outcomes="b")["outcome"].tolist() == ["b"]
    assert not len(outcomes({"a": {"p": "0.230", "events": 3}}, n=83, test="pearson").most_informative())
    with pytest.raises(InvalidArgument, match="outcomes"):
        joint.most_informative(outcomes="c")


def test_means_narrow_the_joint_set_and_are_asked_for_numbers_of_their_own() -> None:
    printed = {"m": {"p": "0.572", "test": "student"}, "a": "0.230", "b": "0.397"}
    joint = outcomes(printed, n=83, test="pearson", nested=[("b", "a")])
    for more in ({"d": "0.132"}, {"n1": 37}, {"sd1": "5.3", "n1": 28}):
        steps = joint.where("m", **more)
        once = outcomes(printed | {"m": printed["m"] | more}, n=83, test="pearson", nested=[("b", "a")])
        assert 0 < len(steps) < len(joint)
        assert steps.to_frame().equals(once.to_frame())
    assert joint.where("m", d="0.132").steps == ("d = 0.132 of m removed 4 of 6 combinations",)
    table = joint.most_informative(["n1", "d", "events", "p"], decimals=3, tests="pearson").set_index(
        ["outcome", "figure"]
    )
    assert set(table.index) == {
        ("all", "n1"),
        ("m", "d"),
        *((name, "events") for name in "ab"),
        *((n, "p") for n in "mab"),
    }
    # 28/55 prints 0.132, 37/46 and 38/45 print 0.125; each has two members.
    assert table.loc[("m", "d"), "most"] == 4
    assert table.loc[("m", "d"), "expected"] == pytest.approx((2 * 2 + 4 * 4) / 6)
    only = outcomes({"m": printed["m"]}, n=9).most_informative(["n1", "t"], outcomes="m")
    assert only["outcome"].tolist() == ["all", "m"]
    assert not len(joint.where("a", n=84).most_informative())
    with pytest.raises(InvalidArgument, match="figures"):
        joint.most_informative("median")


def test_where_says_what_it_removed_in_either_direction() -> None:
    joint = outcomes({"a": "0.230", "m": {"p": "0.572", "test": "student"}}, n=83, test="pearson")
    rates = joint.where("a", rate1="< 65%")
    turned = {min(member, mirror(member)) for member in unique_tables(rates)}
    removed = len(joint) - len(turned)
    three = outcomes({"a": "0.230", "b": "0.397", "c": "0.61"}, n=83, test="pearson")
    rest = three.where("b", rate1="< 50%")
    pairs = list(zip(*(members_of(rest, name) for name in "abc"), strict=True))
    seen = {min(rows, tuple((x2, n2, x1, n1) for x1, n1, x2, n2 in rows)) for rows in pairs}
    assert rest.steps == (f"rate1 < 50% of b removed {len(three) - len(seen):,} of {len(three):,} combinations",)
    assert rates.steps == (f"rate1 < 65% of a removed {removed} of {len(joint)} combinations",)
    assert len(turned) < len(rates)
    nothing = rates.where("a", n=25)
    assert nothing.emptied_by == "n = 25 of a"
    assert nothing.where("a", n=24).emptied_by == "n = 25 of a"


def unique_tables(joint: CompatibleOutcomes) -> list[Member]:
    return [((t[1], t[3]), (t,)) for t in members_of(joint, "a")]


@settings(max_examples=10)
@given(
    p=st.tuples(st.sampled_from(["0.23", "0.5", "ns", "< 0.05"]), st.sampled_from(["0.4", "0.71", "1.0"])),
    n=st.integers(5, 9), more=st.sampled_from([{"events": 4}, {"rate": "50%"}, {"n1": 3}, {"rate1": "> 30%"}]),
    rule=st.sampled_from(["half_up", "half_even", "truncate"]), test=st.sampled_from(["pearson", "fisher", "midp"]),
)  # fmt: skip
def test_more_never_adds_and_wider_rounding_never_removes(p, n, more, rule, test) -> None:
    printed = {"a": {"p": p[0]}, "b": {"p": p[1]}}
    whole = set(members(outcomes(printed, n=n, test=test)))
    whole |= {mirror(member) for member in whole}
    for relation in ({"nested": [("b", "a")]}, {"exclusive": [("a", "b")]}, {"sums": {"n": ("a", "b")}}):
        assert set(members(outcomes(printed, n=n, test=test, **relation))) <= whole
    narrow = outcomes({"a": printed["a"] | more, "b": printed["b"]}, n=n, test=test)
    assert set(members(narrow)) <= whole
    cut = set(members(outcomes(printed, n=n, test=test, rounding=rule)))
    both = set(members(outcomes(printed, n=n, test=test, rounding=[rule, "half", "up"])))
    assert cut <= both
    assert whole <= both | {mirror(member) for member in both}


@settings(max_examples=12)
@given(
    n1=st.integers(2, 9), n2=st.integers(2, 9), p=st.sampled_from(["0.2", "0.5", "ns"]),
    rate=st.sampled_from(["> 20%", "< 60%"]), relation=st.sampled_from(["nested", "exclusive"]),
)  # fmt: skip
def test_exchanged_groups_give_the_mirrored_set(n1, n2, p, rate, relation) -> None:
    joint = {relation: [("b", "a")]}
    one = outcomes(
        {"a": {"p": p, "rate1": rate}, "b": {"p": "ns", "rate2": "> 0%"}}, n1=n1, n2=n2, test="pearson", **joint
    )
    two = outcomes(
        {"a": {"p": p, "rate2": rate}, "b": {"p": "ns", "rate1": "> 0%"}}, n1=n2, n2=n1, test="pearson", **joint
    )
    assert sorted(members(one)) == sorted(mirror(member) for member in members(two))


def test_the_first_that_leaves_nothing_is_named_in_the_order_given() -> None:
    wide = tables(n1=4, n2=4, events=range(5, 9))
    parts = {"a": wide, "b": wide, "c": wide, "d": wide}
    assert outcomes(parts, exclusive=[("a", "b")], nested=[("a", "c")]).emptied_by == "a and b excluding each other"
    assert outcomes(parts, exclusive=[("a", "b")], sums={"a": ("c", "d")}).emptied_by == "a and b excluding each other"
    assert outcomes(parts, sums={"n": ("c", "d")}).emptied_by == "c and d adding up to n"
    few = parts | {"d": tables(n1=4, n2=4, events=range(4))}
    assert outcomes(few, nested=[("a", "b"), ("b", "d"), ("a", "c")]).emptied_by == "nesting b in d"
    apart = parts | {"c": tables(n1=3, n2=5, events=2)}
    assert outcomes(apart, nested=[("a", "b")]).emptied_by == "the split that c shares with a and b"


def test_relations_that_cannot_be_used_are_named() -> None:
    good = {"printed": {"a": every(4), "b": every(4), "m": means(n=4, p="0.5")}}
    for change, argument, kind in [
        ({"exclusive": "ab"}, "exclusive", InvalidType),
        ({"exclusive": ["ab"]}, "exclusive", InvalidType),
        ({"exclusive": 3}, "exclusive", InvalidType),
        ({"exclusive": [("a",)]}, "exclusive", InvalidArgument),
        ({"exclusive": [("a", "a")]}, "exclusive", InvalidArgument),
        ({"exclusive": [("a", "m")]}, "exclusive", InvalidArgument),
        ({"exclusive": [("a", 1)]}, "exclusive", InvalidType),
        ({"sums": [("a", "b")]}, "sums", InvalidType),
        ({"sums": {"a": "b"}}, "sums", InvalidType),
        ({"sums": {"a": ("a", "b")}}, "sums", InvalidArgument),
        ({"sums": {"m": ("a", "b")}}, "sums", InvalidArgument),
        ({"sums": {3: ("a", "b")}}, "sums", InvalidType),
    ]:
        with pytest.raises(kind) as caught:
            outcomes(**(good | change))
        assert caught.value.argument == argument


def test_the_whole_sample_may_be_a_range() -> None:
    sizes = range(4, 6)
    both = outcomes({"a": every(sizes), "b": every(sizes)}, nested=[("a", "b")], total=range(5, 7))
    apart = [outcomes({"a": every(sizes), "b": every(sizes)}, nested=[("a", "b")], total=n) for n in (5, 6)]
    assert sorted(members(both)) == sorted(member for joint in apart for member in members(joint))
    assert "the whole sample has 5 to 6 people, of whom each outcome may miss some" in both.assumptions


def test_one_test_for_all_outcomes_is_the_union_over_the_tests() -> None:
    printed = {"response": "0.230", "remission": "0.397"}
    tests = ("pearson", "yates", "lr")
    joint = outcomes(printed, n=83, test=tests, nested=NESTED, same_test=True)
    apart = [members(outcomes(printed, n=83, test=test, nested=NESTED)) for test in tests]
    assert sorted(members(joint)) == sorted({member for each in apart for member in each})
    assert len(joint) < len(outcomes(printed, n=83, test=tests, nested=NESTED))
    assert "outcomes of one kind were tested by the same test" in joint.assumptions
    unlike = {"a": {"p": "0.230", "test": "pearson"}, "b": {"p": "0.397", "test": "yates"}}
    assert outcomes(unlike, n=83, same_test=True).emptied_by == "one test for all outcomes"
    scores = {"s": {"p": "0.572"}, "q": {"t": "1.1", "df": "9.4"}}
    welch = outcomes(scores, n=12, test=("student", "welch"), same_test=True).to_frame()
    assert set(welch["s_test"]) == {"welch"}
    with pytest.raises(InvalidType, match="same_test"):
        outcomes(printed, n=83, test=tests, same_test="yes")
