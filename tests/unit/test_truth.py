"""Three-valued truth: its tables in full, its laws, and that it is never used as yes or no."""

import operator
from itertools import product

import pytest

import benzotaper as bt
from benzotaper.truth import Truth

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
ALL = (F, U, T)
AND = [
    (F, F, F), (F, U, F), (F, T, F),
    (U, F, F), (U, U, U), (U, T, U),
    (T, F, F), (T, U, U), (T, T, T),
]  # fmt: skip
OR = [
    (F, F, F), (F, U, U), (F, T, T),
    (U, F, U), (U, U, U), (U, T, T),
    (T, F, T), (T, U, T), (T, T, T),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "both"), AND)
def test_and(one: Truth, other: Truth, both: Truth) -> None:
    assert (one & other) is both


@pytest.mark.parametrize(("one", "other", "either"), OR)
def test_or(one: Truth, other: Truth, either: Truth) -> None:
    assert (one | other) is either


@pytest.mark.parametrize(("truth", "turned"), [(F, T), (U, U), (T, F)])
def test_not(truth: Truth, turned: Truth) -> None:
    assert (~truth) is turned


@pytest.mark.parametrize(("a", "b"), list(product(ALL, repeat=2)))
def test_de_morgan(a: Truth, b: Truth) -> None:
    assert ~(a & b) is ~a | ~b
    assert ~(a | b) is ~a & ~b


@pytest.mark.parametrize(("a", "b", "c"), list(product(ALL, repeat=3)))
def test_the_laws_of_a_distributive_lattice(a: Truth, b: Truth, c: Truth) -> None:
    assert a & b is b & a
    assert a | b is b | a
    assert (a & b) & c is a & (b & c)
    assert (a | b) | c is a | (b | c)
    assert a & (b | c) is (a & b) | (a & c)
    assert a | (b & c) is (a | b) & (a | c)
    assert a & (a | b) is a
    assert a | (a & b) is a


@pytest.mark.parametrize("a", ALL)
def test_false_and_true_are_the_ends_and_not_turns_back(a: Truth) -> None:
    assert a & a is a | a is a
    assert (a & F, a | F, a & T, a | T) == (F, a, a, T)
    assert ~~a is a


def test_kleene_has_no_excluded_middle() -> None:
    assert U | ~U is U
    assert U & ~U is U
    assert {a: a | ~a for a in (F, T)} == {F: T, T: T}


@pytest.mark.parametrize(("a", "b"), list(product(ALL, repeat=2)))
def test_what_becomes_known_never_turns_a_known_answer(a: Truth, b: Truth) -> None:
    """Kleene's other order: UNKNOWN may become either, and an answer that stood without it stands."""
    if a & U is not U:
        assert a & b is a & U
    if a | U is not U:
        assert a | b is a | U


def test_the_order_is_false_unknown_true() -> None:
    assert sorted([T, F, U]) == [F, U, T]
    for (place, one), (other_place, other) in product(enumerate(ALL), repeat=2):
        assert (one < other, one <= other) == (place < other_place, place <= other_place)
        assert (one > other, one >= other) == (place > other_place, place >= other_place)
    assert (min(ALL), max(ALL)) == (F, T)


@pytest.mark.parametrize("truth", ALL)
def test_a_truth_is_never_yes_or_no_by_itself(truth: Truth) -> None:
    with pytest.raises(TypeError, match=f"{truth.name} is neither yes nor no by itself"):
        bool(truth)
    with pytest.raises(TypeError):
        assert not truth
    with pytest.raises(TypeError):
        [each for each in ("one",) if truth]


@pytest.mark.parametrize("other", [True, False, 0, 2, None, "TRUE"])
def test_a_truth_is_joined_and_ordered_with_truths_only(other: object) -> None:
    for join in (operator.and_, operator.or_, operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            join(U, other)
        with pytest.raises(TypeError):
            join(other, U)
    assert other not in ALL


def test_a_truth_is_named_and_found_by_its_number() -> None:
    assert [str(each) for each in ALL] == ["FALSE", "UNKNOWN", "TRUE"]
    assert [repr(each) for each in ALL] == ["Truth.FALSE", "Truth.UNKNOWN", "Truth.TRUE"]
    assert [Truth(number) for number in (0, 1, 2)] == list(ALL)
    assert bt.Truth is Truth
    assert len({F, U, T, Truth.TRUE}) == 3
