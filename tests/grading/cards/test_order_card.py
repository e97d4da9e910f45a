"""Order cards: how a solution is split, shuffled and compared with an answer."""

from __future__ import annotations

import pytest

from quizapp.decks.card import Card, CardKind, Check
from quizapp.grading.cards.order_card import card_lines, find_foreign_line, logical_lines, shuffle_lines, surely_fails


def order_card(solution: str, *, given: str = "", distract: tuple[str, ...] = ()) -> Card:
    return Card("d", "c", "?", (Check("y"),), kind=CardKind.ORDER, given=given, solution=solution, distract=distract)


def test_lines_keep_their_indentation() -> None:
    assert logical_lines("for i in x:\n    y = i\n") == ("for i in x:", "    y = i")


def test_a_statement_over_several_lines_is_one_line() -> None:
    assert logical_lines("y = f(\n    1,\n)\nz = 2\n") == ("y = f(\n    1,\n)", "z = 2")


def test_a_string_over_several_lines_is_one_line() -> None:
    assert logical_lines('y = """a\n\nb"""\n') == ('y = """a\n\nb"""',)


def test_blank_lines_and_comments_are_dropped() -> None:
    assert logical_lines("a = 1\n\n# why\n\nb = 2  # what\n") == ("a = 1", "b = 2  # what")


def test_a_distracting_line_need_not_be_a_statement() -> None:
    assert card_lines(order_card("y = 1\n", distract=("    else:",)))[-1].strip() == "else:"


def test_the_order_depends_on_the_seed() -> None:
    card = order_card("a = 1\nb = a\nc = b\nd = c\n")
    assert shuffle_lines(card, "7") == shuffle_lines(card, "7")
    assert sorted(shuffle_lines(card, "7")) == sorted(card_lines(card))


@pytest.mark.parametrize("seed", range(50))
def test_the_first_order_fails(seed: int) -> None:
    card = order_card("y = x + 1\nz = y * 2\nw = z + y\n", given="x = 1\n")
    namespace: dict[str, object] = {"x": 1}
    with pytest.raises(NameError):
        exec("\n".join(shuffle_lines(card, str(seed))), namespace)


@pytest.mark.parametrize("seed", range(20))
def test_swapping_equal_lines_is_not_another_order(seed: int) -> None:
    card = order_card("x += 1\nx += 1\ny = x\n", given="x = 0\n")
    first = shuffle_lines(card, str(seed))
    assert first != card_lines(card)


def test_reading_a_name_before_it_is_bound_fails() -> None:
    assert surely_fails(["b = a", "a = 1"], frozenset())
    assert not surely_fails(["a = 1", "b = a"], frozenset())


def test_a_function_may_read_names_that_are_bound_later() -> None:
    assert not surely_fails(["def f():", "    return a", "a = 1"], frozenset())


def test_a_changed_line_is_foreign() -> None:
    card = order_card("a = 1\nb = a\n")
    assert find_foreign_line(card, "b = a\na = 1\n") is None
    assert find_foreign_line(card, "a = 1\nb = 2\n") == "b = 2"


def test_a_line_used_twice_is_foreign() -> None:
    assert find_foreign_line(order_card("a = 1\nb = a\n"), "a = 1\na = 1\nb = a\n") == "a = 1"
