"""Samples of whole numbers, counted, ranked and bounded: against every multiset of small scales."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from math import comb

import numpy as np
import pytest

from ketastats.numerics import (
    sample_counts,
    sample_marginals,
    sample_numbers,
    sample_ranks,
    sample_reach,
    sample_search,
    sample_small,
    sample_tables,
)
from ketastats.numerics.sample_counts import Halves

Squares = list[tuple[int, int, int]]
SCALES = [(5, 1, 5), (7, 0, 4), (4, -3, 6), (6, 1, 2), (3, 0, 9), (8, 1, 7), (1, 0, 3), (9, 2, 2)]


def samples(people: int, low: int, high: int, caps: dict[int, int]) -> list[tuple[int, ...]]:
    """Every multiset of the scale, as sorted values."""
    values = combinations_with_replacement(range(low, high + 1), people)
    return [each for each in values if all(many <= caps[value] for value, many in Counter(each).items())]


def halves(
    people: int, low: int, high: int, caps: dict[int, int], squares: Squares, origin: int, layers: int = 1
) -> Halves:
    left = [(origin - value, caps[value]) for value in range(low, origin)]
    right = [(value - origin - 1, caps[value]) for value in range(origin + 2, high + 1)]
    wanted = sample_counts.targets(squares, people, origin)
    found = Halves(people, wanted, left, right, caps.get(origin, 0), caps.get(origin + 1, 0))
    found.layers = layers
    found.build()
    return found


def count(found: Halves) -> int:
    return sum(block[2] for block in sample_counts.count_blocks(found))


def random_caps(people: int, low: int, high: int, rng: np.random.Generator) -> dict[int, int]:
    return {value: int(rng.choice([0, 1, 2, people])) for value in range(low, high + 1)}


def random_squares(people: int, low: int, high: int, rng: np.random.Generator) -> Squares:
    sums = rng.choice(np.arange(people * low, people * high + 1), size=3)
    largest = people * max(low * low, high * high)
    first = rng.integers(0, largest + 1, size=3)
    width = rng.integers(0, 2 + largest // 2, size=3)
    found = dict(zip(sums.tolist(), zip(first.tolist(), (first + width).tolist(), strict=True), strict=True))
    return [(total, *ends) for total, ends in found.items()]


@pytest.mark.parametrize(("people", "low", "high"), SCALES)
@pytest.mark.parametrize("capped", [False, True])
def test_each_sum_and_sum_of_squares_has_as_many_samples_as_are_listed(
    people: int, low: int, high: int, capped: bool
) -> None:
    rng = np.random.default_rng(people)
    caps = random_caps(people, low, high, rng) if capped else dict.fromkeys(range(low, high + 1), people)
    listed = Counter((sum(each), sum(v * v for v in each)) for each in samples(people, low, high, caps))
    cells = [(total, squares + more) for total, squares in sorted(listed) for more in (0, 1, 2)] or [(low, low * low)]
    for total, squares in rng.permutation(np.array(cells))[:15].tolist():
        for origin in {low, (low + high) // 2, high}:
            found = halves(people, low, high, caps, [(total, squares, squares)], origin)
            assert count(found) == listed[total, squares]
            assert sample_small.count(found) == listed[total, squares]


@pytest.mark.parametrize(("people", "low", "high"), SCALES)
@pytest.mark.parametrize("capped", [False, True])
def test_ranks_list_every_sample_once_and_marginals_add_them_up(people: int, low: int, high: int, capped: bool) -> None:
    rng = np.random.default_rng(10 * people + high)
    for layers in (1, 2, 1):
        caps = random_caps(people, low, high, rng) if capped else dict.fromkeys(range(low, high + 1), people)
        squares = random_squares(people, low, high, rng)
        allowed = {total: range(first, last + 1) for total, first, last in squares}
        members = [
            each
            for each in samples(people, low, high, caps)
            if sum(v * v for v in each) in allowed.get(sum(each), range(0))
        ]
        origin = int(rng.integers(low, high + 1))
        found = halves(people, low, high, caps, squares, origin, layers)
        blocks = sample_counts.count_blocks(found)
        assert sum(block[2] for block in blocks) == len(members) == sample_small.count(found)
        if not members:
            continue
        ranks = np.arange(len(members))
        rows = sample_ranks.unrank(found, blocks, ranks)
        np.testing.assert_array_equal(rows, sample_ranks.unrank(found, blocks, ranks.astype(object)))
        below, above = [x for x, _ in reversed(found.left)], [x for x, _ in found.right]
        values = [origin - x for x in below] + [origin, origin + 1] + [origin + 1 + x for x in above]
        assert sorted(tuple(np.repeat(values, row).tolist()) for row in rows) == sorted(members)
        left, right = sample_marginals.occurrences(found)
        times = Counter(value for each in members for value in each)
        assert left == [times[origin - x] for x, _ in found.left]
        assert right == [times[origin + 1 + x] for x, _ in found.right]
        inside = [x for x, _ in found.left[1:]]
        held = Counter(sum(origin - v in inside for v in each) for each in members)
        assert sample_marginals.distribution(found, inside, 1 << 70 * (layers - 1)) == [
            held[many] for many in range(people + 1)
        ]
        by_energy: Counter[tuple[int, int]] = Counter()
        for target in found.wanted:
            for energy, many in sample_marginals.by_energy(found, target).items():
                by_energy[target.total + people * origin, energy] += many
        energies = Counter((sum(m), sum((v - origin) * (v - origin - 1) for v in m) // 2) for m in members)
        assert by_energy == energies


@pytest.mark.parametrize(("people", "low", "high"), SCALES)
def test_reach_is_what_the_samples_have(people: int, low: int, high: int) -> None:
    rng = np.random.default_rng(people + high)
    for turn in range(4):
        caps = random_caps(people, low, high, rng) if turn % 2 else dict.fromkeys(range(low, high + 1), people)
        squares = random_squares(people, low, high, rng)
        allowed = {total: range(first, last + 1) for total, first, last in squares}
        members = [
            each
            for each in samples(people, low, high, caps)
            if sum(v * v for v in each) in allowed.get(sum(each), range(0))
        ]
        origin = (low + high) // 2
        wanted = sample_counts.targets(squares, people, origin)
        steps = [(value - origin, caps[value]) for value in range(low, high + 1)]
        chosen = rng.random(len(steps)) < 0.5
        inside = [step for step, kept in zip(steps, chosen, strict=True) if kept]
        outside = [step for step, kept in zip(steps, chosen, strict=True) if not kept]
        values = {step + origin for step, _ in inside}
        expected = sorted({sum(v in values for v in each) for each in members})
        assert sample_reach.possible_counts(inside, outside, people, wanted).tolist() == expected
        most = {int(step): int(rng.integers(0, people + 1)) for step in rng.choice([s for s, _ in steps], size=2)}
        kept = [each for each in members if all(sum(v - origin <= step for v in each) <= m for step, m in most.items())]
        assert sample_reach.attainable(steps, people, wanted, most) == bool(kept)
        one = sample_search.trace(steps, people, wanted)
        assert (one is not None) == bool(members)
        quick = sample_search.spread(steps, people, wanted)
        for sample in (one, quick):
            if sample is not None:
                values_of = np.repeat([step + origin for step, _ in steps], sample)
                assert tuple(values_of.tolist()) in members
        assert quick is None or set(caps.values()) == {people}
        assert sample_search.work(steps, people, wanted) > 0
        ranges = sample_reach.cube_range(steps, people, wanted)
        assert sample_reach.cube_cells(steps, people, wanted) > 0
        for target, rows in zip(wanted, ranges, strict=True):
            cubes: dict[int, list[int]] = {}
            for each in members:
                moved = [v - origin for v in each]
                if sum(moved) == target.total:
                    energy = sum(m * (m - 1) for m in moved) // 2
                    cubes.setdefault(energy, []).append(sum(m**3 for m in moved))
            assert rows.tolist() == [[e, min(cubes[e]), max(cubes[e])] for e in sorted(cubes)]


def test_every_sample_of_a_scale_is_counted_when_nothing_is_known() -> None:
    # The number of multisets is a binomial coefficient, however large: here 28 values and 8 people.
    people, high, origin = 8, 27, 13
    caps = dict.fromkeys(range(high + 1), people)
    squares = [(total, 0, people * high * high) for total in range(108, 109)]
    found = halves(people, 0, high, caps, squares, origin)
    # Samples of a sum, by the coefficients of a Gaussian binomial (Andrews 1976, theorem 3.1).
    ways = np.zeros((people + 1, people * high + 1), dtype=object)
    ways[0, 0] = 1
    for value in range(high + 1):
        for number in range(1, people + 1):
            ways[number, value:] += ways[number - 1, : ways.shape[1] - value]
    assert int(ways[people].sum()) == comb(people + high, people)
    assert count(found) == ways[people, 108] > 2**18


def layers_of(numbers: list[int]) -> sample_numbers.Layers:
    """Whole numbers below 2**95 in two layers."""
    first = np.array([number % 2**64 for number in numbers], dtype=np.uint64)
    return first.view(np.int64), np.array([number % sample_numbers.PRIME for number in numbers], dtype=np.int64)


def test_whole_numbers_of_94_bits_come_back_from_their_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    # Divided in pieces of seven, the last of which is shorter.
    monkeypatch.setattr(sample_numbers, "_CHUNK", 7)
    rng = np.random.default_rng(8)
    sizes = [0, 1, 30, 31, 62, 63, 64, 65, 80, 93]
    drawn = [(1 << bits) + int(sample_ranks.ranks_below(1 << bits, 1, rng)[0]) for bits in sizes for _ in range(20)]
    drawn += [0, 2**63, 2**64 - 1, 2**64, 2**64 + 1, sample_numbers.PRIME, 2**94]
    layers = layers_of(drawn)
    assert sample_numbers.whole(layers).tolist() == drawn
    np.testing.assert_allclose(sample_numbers.floats(layers), [float(number) for number in drawn], rtol=2.0**-51)
    for modulus in (sample_numbers.PRIME, 2**31 - 19, 97):
        assert sample_numbers.rests(layers, modulus).tolist() == [number % modulus for number in drawn]
    assert sample_numbers.not_zero(layers).tolist() == [number != 0 for number in drawn]
    other = layers_of(drawn[::-1])
    assert sample_numbers.dot(layers, other) == sum(a * b for a, b in zip(drawn, drawn[::-1], strict=True))


def test_numbers_are_put_together_from_what_primes_leave() -> None:
    for number in (0, 5, 2**64 - 1, 2**64, 3**80, 2**200 + 17):
        asked: list[int] = []

        def rest(modulus: int, number: int = number, asked: list[int] = asked) -> list[int]:
            asked.append(modulus)
            return [number % modulus if modulus else (number + 2**63) % 2**64 - 2**63]

        assert sample_numbers.from_rests(rest, number) == [number]
        assert all(all(prime % d for d in range(3, 1000, 2)) for prime in asked[1:])
        assert len(set(asked)) == len(asked) == 1 + max(0, -(-(number.bit_length() - 64) // 31))


def test_sums_of_products_are_exact_beyond_64_bits() -> None:
    rng = np.random.default_rng(1)
    for bits in (3, 20, 40, 62):
        a, b = rng.integers(0, 1 << bits, 500), rng.integers(0, 1 << 62, 500)
        assert sample_numbers.exact_dot(a, b) == sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))
    assert sample_numbers.exact_dot(np.zeros(0, np.int64), np.zeros(0, np.int64)) == 0


def test_square_roots_are_whole_and_exact() -> None:
    roots = np.array([0, 1, 2, 3, 10**6, 2**31 - 1])
    for change in (-1, 0, 1):
        squares = np.maximum(roots * roots + change, 0)
        found = sample_tables.whole_root(squares)
        assert np.all(found * found <= squares)
        assert np.all((found + 1) ** 2 > squares)


def test_taking_a_part_out_undoes_putting_it_in() -> None:
    people, top = 12, 40
    parts = sample_tables.useful([(1, 12), (2, 3), (3, 12), (5, 1), (40, 2)], people, top)
    assert parts == ((1, 12), (2, 3), (3, 12), (5, 1))
    grid = sample_tables.grid(parts, people, np.full(top + 1, 10**6))
    before = sample_tables.build(grid, parts[:2], people)
    after = sample_tables.build(grid, parts, people)
    for part in reversed(parts[2:]):
        sample_tables.remove(grid, after, part, people)
    np.testing.assert_array_equal(before, after)


def test_uniform_ranks_are_uniform_however_large() -> None:
    rng = np.random.default_rng(4)
    small = sample_ranks.ranks_below(10, 5000, rng)
    assert small.dtype == np.int64
    top = 3 * 2**70 + 5
    large = sample_ranks.ranks_below(top, 4000, rng)
    assert all(0 <= value < top for value in large)
    shares = [Fraction(int(value), top) for value in sorted(large)]
    # Kolmogorov's distance at 4,000 draws exceeds 0.03 once in a thousand.
    assert max(abs(float(share) - at / 4000) for at, share in enumerate(shares)) < 0.03
    assert all(a <= b for a, b in pairwise(shares))


def test_an_upper_bound_of_the_ways_is_one() -> None:
    parts = sample_tables.useful([(x, 9) for x in range(1, 6)], 9, 30)
    grid = sample_tables.grid(parts, 9, np.full(31, 10**6))
    values = sample_tables.build(grid, parts, 9)
    assert max(int(sample_tables.block(grid, values, at).sum()) for at in range(31)) == (
        sample_tables.largest_ways(parts, 9, 30)
    )


def test_only_small_tables_are_counted_at_once() -> None:
    for people, small in {50: True, 200: False}.items():
        total = 7 * people // 2
        # About an SD of 1.2.
        square = total * total // people + 14 * people // 10
        found = halves(people, 1, 7, dict.fromkeys(range(1, 8), people), [(total, square - 3, square + 3)], 3)
        assert sample_small.is_small(found) == small
        assert not small or sample_small.count(found) == count(found) > 1000


@pytest.mark.parametrize("wide", [False, True])
def test_sums_of_cubes_need_32_or_64_bits(monkeypatch: pytest.MonkeyPatch, wide: bool) -> None:
    if wide:
        monkeypatch.setattr(sample_reach, "_NONE", 1)
    steps, wanted = [(step, 9) for step in range(-3, 5)], [sample_counts.Target(2, 5, 30)]
    members = [each for each in combinations_with_replacement(range(-3, 5), 9) if sum(each) == 2]
    cells = sample_reach.cube_cells(steps, 9, wanted)
    assert cells == (2 if wide else 1) * 10 * (1 + np.diff(sample_reach.sum_range(steps, 9, 30))[0]) * 31
    for energy, least, most in sample_reach.cube_range(steps, 9, wanted)[0].tolist():
        cubes = [sum(v**3 for v in each) for each in members if sum(v * (v - 1) for v in each) == 2 * energy]
        assert (least, most) == (min(cubes), max(cubes))


@pytest.mark.parametrize("kept", [0, sample_reach._MOST_KEPT])
def test_the_order_of_questions_changes_no_answer(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_reach, "_MOST_KEPT", kept)
    people, steps = 9, [(step, 9) for step in range(-3, 4)]
    questions = [
        [sample_counts.Target(total, first, first + 2)] for total in (-40, -6, 0, 5, 40) for first in (0, 6, 20)
    ]

    def ask(wanted: list[sample_counts.Target]) -> list[int]:
        return [int(count) for count in sample_reach.possible_counts(steps[4:], steps[:4], people, wanted)]

    narrow_first = [ask(wanted) for wanted in questions]
    wide_first = [ask(wanted) for wanted in sorted(questions, key=lambda wanted: -wanted[0].last)]
    alone = []
    for wanted in questions:
        sample_reach._parts.cache_clear()
        alone.append(ask(wanted))
    assert narrow_first == alone
    assert sorted(wide_first) == sorted(alone)
    assert any(alone)
    assert not alone[0]
