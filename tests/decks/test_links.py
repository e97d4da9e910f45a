"""Problems between cards and files."""

from __future__ import annotations

from pathlib import Path

from quizapp.decks.reader import read_decks
from tests.decks.making import deck_text, plain_card, write


def test_after_may_name_a_card_of_another_deck_that_is_read_too(tmp_path: Path) -> None:
    one = write(tmp_path, deck_text(plain_card("a", "after: [two/b]"), slug="one"), "one.yaml")
    two = write(tmp_path, deck_text(plain_card("b"), slug="two"), "two.yaml")
    decks, problems = read_decks([one, two])
    assert problems == []
    assert decks[0].cards[0].after == ("two/b",)


def test_after_may_name_a_card_known_from_elsewhere(tmp_path: Path) -> None:
    path = write(tmp_path, deck_text(plain_card("a", "after: [elsewhere/b]")))
    assert read_decks([path], known=["elsewhere/b"])[1] == []


def test_cards_of_a_deck_with_errors_are_known(tmp_path: Path) -> None:
    one = write(tmp_path, deck_text(plain_card("a", "after: [two/b]"), slug="one"), "one.yaml")
    two = write(tmp_path, deck_text(plain_card("b", "levl: 3"), slug="two"), "two.yaml")
    _, problems = read_decks([one, two])
    assert [problem.kind for problem in problems] == ["unknown-key"]


def test_a_file_that_is_not_valid_yaml_may_contain_any_card_of_another_deck(tmp_path: Path) -> None:
    one = write(tmp_path, deck_text(plain_card("a", "after: [two/b, c]"), slug="one"), "one.yaml")
    two = write(tmp_path, deck_text(plain_card("b", "title: 'x"), slug="two"), "two.yaml")
    _, problems = read_decks([one, two])
    assert [(problem.kind, problem.path) for problem in problems] == [
        ("unclosed", str(two)),
        ("unknown-card", str(one)),
    ]


def test_a_cycle_through_two_decks_is_reported_once(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a", "after: [two/b]"), slug="one"), "one.yaml")
    write(tmp_path, deck_text(plain_card("b", "after: [c]"), plain_card("c", "after: [one/a]"), slug="two"), "two.yaml")
    _, problems = read_decks([tmp_path])
    (cycle,) = problems
    assert cycle.kind == "circle"
    assert "`one/a` -> `two/b` -> `two/c` -> `one/a`" in cycle.message


def test_a_long_chain_is_not_a_cycle(tmp_path: Path) -> None:
    cards = [plain_card("c0"), *(plain_card(f"c{i}", f"after: [c{i - 1}, c0]") for i in range(1, 300))]
    assert read_decks([write(tmp_path, deck_text(*cards))])[1] == []


def test_a_slug_used_twice_names_the_first_file(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a"), slug="same"), "one.yaml")
    write(tmp_path, deck_text(plain_card("b"), slug="same"), "two.yaml")
    decks, (problem,) = read_decks([tmp_path])
    assert problem.kind == "duplicate-deck"
    assert f"{tmp_path / 'one.yaml'}:2" in problem.message
    assert [deck.path.name for deck in decks] == ["one.yaml"]


def test_a_folder_is_read_recursively_without_hidden_files(tmp_path: Path) -> None:
    write(tmp_path, deck_text(plain_card("a"), slug="one"), "one.yaml")
    write(tmp_path, deck_text(plain_card("b"), slug="two"), "more/two.yml")
    write(tmp_path, "nonsense: [", ".git/three.yaml")
    decks, problems = read_decks([tmp_path])
    assert problems == []
    assert [deck.slug for deck in decks] == ["two", "one"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, deck_text(plain_card("a")))
    decks, problems = read_decks([path, tmp_path])
    assert (len(decks), problems) == (1, [])


def test_a_missing_path_is_a_problem(tmp_path: Path) -> None:
    decks, problems = read_decks([tmp_path / "none.yaml"])
    assert (decks, [problem.kind for problem in problems]) == ([], ["missing-file"])
