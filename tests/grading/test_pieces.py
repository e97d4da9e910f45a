"""Order cards: how a solution is cut, shuffled and recognised again."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.cards.order_card import cut, foreign, is_broken, pieces, shuffled


def order_card(solution: str, *, given: str = "", distract: tuple[str, ...] = ()) -> Card:
    return Card("d", "c", "?", (Check("y"),), kind=CardKind.ORDER, given=given, solution=solution, distract=distract)


def test_lines_keep_their_indentation() -> None:
    assert cut("for i in x:\n    y = i\n") == ("for i in x:", "    y = i")


def test_a_statement_over_several_lines_is_one_piece() -> None:
    assert cut("y = f(\n    1,\n)\nz = 2\n") == ("y = f(\n    1,\n)", "z = 2")


def test_a_string_over_several_lines_is_one_piece() -> None:
    assert cut('y = """a\n\nb"""\n') == ('y = """a\n\nb"""',)


def test_blank_lines_and_comments_are_dropped() -> None:
    assert cut("a = 1\n\n# why\n\nb = 2  # what\n") == ("a = 1", "b = 2  # what")


def test_a_distracting_half_statement_is_a_piece_all_the_same() -> None:
    assert pieces(order_card("y = 1\n", distract=("    else:",)))[-1].strip() == "else:"


def test_a_shuffle_is_the_same_for_the_same_seed() -> None:
    card = order_card("a = 1\nb = a\nc = b\nd = c\n")
    assert shuffled(card, "7") == shuffled(card, "7")
    assert sorted(shuffled(card, "7")) == sorted(pieces(card))


@pytest.mark.parametrize("seed", range(50))
def test_no_shuffle_opens_on_an_order_that_works(seed: int) -> None:
    card = order_card("y = x + 1\nz = y * 2\nw = z + y\n", given="x = 1\n")
    namespace: dict[str, object] = {"x": 1}
    with pytest.raises(NameError):
        exec("\n".join(shuffled(card, str(seed))), namespace)


@pytest.mark.parametrize("seed", range(20))
def test_equal_lines_do_not_count_as_another_order(seed: int) -> None:
    card = order_card("x += 1\nx += 1\ny = x\n", given="x = 0\n")
    opening = shuffled(card, str(seed))
    assert opening != pieces(card)


def test_an_order_that_reads_before_it_binds_is_broken() -> None:
    assert is_broken(["b = a", "a = 1"], frozenset())
    assert not is_broken(["a = 1", "b = a"], frozenset())


def test_a_function_may_read_what_is_bound_later() -> None:
    assert not is_broken(["def f():", "    return a", "a = 1"], frozenset())


def test_a_line_of_the_learners_own_is_foreign() -> None:
    card = order_card("a = 1\nb = a\n")
    assert foreign(card, "b = a\na = 1\n") is None
    assert foreign(card, "a = 1\nb = 2\n") == "b = 2"


def test_a_line_used_twice_is_foreign() -> None:
    assert foreign(order_card("a = 1\nb = a\n"), "a = 1\na = 1\nb = a\n") == "a = 1"
