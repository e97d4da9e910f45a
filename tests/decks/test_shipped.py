"""Rules for the shipped decks that need no run; `ptquiz check decks` runs them."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from quizapp.decks.card import Card, CardKind, Deck
from quizapp.decks.library import shipped
from quizapp.decks.reader import read_decks

DECKS, PROBLEMS = read_decks([shipped()])
CARDS = [card for deck in DECKS for card in deck]


def test_the_shipped_decks_have_no_problems() -> None:
    assert [str(problem) for problem in PROBLEMS] == []


def test_every_note_has_a_card_and_every_card_names_an_existing_note() -> None:
    with (shipped() / "notes.tsv").open(encoding="utf-8", newline="") as file:
        notes = {row["id"] for row in csv.DictReader(file, delimiter="\t")}
    asked = {note for card in CARDS for note in card.sources}
    assert sorted(notes - asked) == []
    assert sorted(asked - notes) == []


def test_the_readme_lists_every_deck_in_order() -> None:
    text = (shipped() / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[([\w-]+)\]\(\1\.yaml\) \| ([^|]+) \|", text, re.MULTILINE)
    assert listed == [(deck.slug, deck.title) for deck in sorted(DECKS, key=lambda deck: deck.order)]
    assert len({deck.order for deck in DECKS}) == len(DECKS)


def test_the_readme_counts_notes_and_sections_right() -> None:
    with (shipped() / "notes.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sections = {row["section"] for row in rows}
    text = (shipped() / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows)} notes in {len(sections)} sections" in text


def test_every_deck_names_its_schema_for_editors() -> None:
    modeline = "# yaml-language-server: $schema=deck.schema.json\n"
    assert [deck.slug for deck in DECKS if not deck.path.read_text(encoding="utf-8").startswith(modeline)] == []


def test_a_deck_is_small_enough_to_finish() -> None:
    assert {deck.slug: len(deck.cards) for deck in DECKS if not 10 <= len(deck.cards) <= 25} == {}


def sentences(text: str) -> int:
    """Count the sentences of a note; code between backticks is one word."""
    return len(re.findall(r"[.!?](?=[\s)\"]|$)", re.sub(r"`[^`]*`", "x", text)))


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.slug)
def test_cards_have_hints_a_note_sources_and_a_title(deck: Deck) -> None:
    assert [card.name for card in deck if len(card.hints) not in (2, 3)] == []
    assert [card.name for card in deck if not 2 <= sentences(card.note) <= 5] == []
    assert [card.name for card in deck if not card.sources] == []
    assert [card.name for card in deck if card.minutes is None] == []
    assert [card.name for card in deck if card.title == card.id] == []


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.slug)
def test_cards_list_wrong_answers_with_explanations(deck: Deck) -> None:
    programs = [card for card in deck if card.kind is not CardKind.CHOICE]
    assert [card.name for card in programs if sum(wrong.says is not None for wrong in card.wrong) < 2] == []


def test_hidden_checks_have_an_explanation() -> None:
    assert [card.name for card in CARDS for check in card.checks if check.hidden and not check.says] == []


def test_no_question_reveals_that_the_answer_is_an_exception() -> None:
    asked = [card for card in CARDS if card.kind is CardKind.PREDICT]
    assert [card.name for card in asked if re.search(r"exception|raises", card.question)] == []


def test_every_kind_of_card_is_used() -> None:
    assert Counter(card.kind for card in CARDS).keys() == set(CardKind)


def test_choice_cards_have_a_proof() -> None:
    assert [card.name for card in CARDS if card.kind is CardKind.CHOICE and not card.proof] == []


def test_no_two_cards_ask_the_same_question() -> None:
    asked: dict[str, list[Card]] = {}
    for card in CARDS:
        asked.setdefault(" ".join((card.given + card.question).split()), []).append(card)
    assert [[card.name for card in cards] for cards in asked.values() if len(cards) > 1] == []
