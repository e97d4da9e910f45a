"""Every field of the format is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.decks.card import Card, CardKind, Deck, Equals, Position
from quizapp.sandbox.protocol import Limits
from tests.decks.making import card, deck_text, plain_card, read_deck, write

WHOLE = Path(__file__).parent / "good" / "whole.yaml"


@pytest.fixture(scope="module")
def whole() -> Deck:
    return read_deck(WHOLE)


@pytest.fixture(scope="module")
def everything(whole: Deck) -> Card:
    return whole.cards[0]


def test_fields_of_a_deck(whole: Deck) -> None:
    assert (whole.slug, whole.title) == ("whole", "Every field there is")
    assert whole.description.startswith("One card of each kind")
    assert [card.id for card in whole] == ["everything", "first", "guess", "pick", "sort"]
    assert {card.preamble for card in whole} == {"import torch\n"}


def test_fields_of_a_card(everything: Card) -> None:
    assert everything.name == "whole/everything"
    assert everything.kind is CardKind.CODE
    assert everything.sources == ("rows", "maxima")
    assert everything.tags == ("numerics", "rows")
    assert (everything.level, everything.minutes, everything.trials, everything.seed) == (2, 4.5, 3, 7)
    assert everything.after == ("whole/first", "whole/guess")
    assert everything.was == ("whole/old-name", "elsewhere/rows")
    assert everything.hints == ("Which value should each row end with?", "Keep the dimension.")
    assert everything.forbid == ("torch.amax", ".amax", "for", "aten::amax")
    assert everything.require == ("def",)


def test_code_keeps_its_line_breaks(everything: Card) -> None:
    assert everything.given == "x = torch.rand(3, 5) + 1\n"
    assert everything.solution.splitlines()[1] == "    top = x.max(dim=1, keepdim=True).values"
    assert everything.accept == ("def scale(x):\n    return x / x.amax(1, True)\n",)


def test_wrong_answers_with_and_without_keys(everything: Card) -> None:
    long, short = everything.wrong
    assert long.says == "That is the largest value of all rows together."
    assert (short.code, short.says) == ("def scale(x): return x", None)


def test_options_of_checks(everything: Card) -> None:
    plain, pointed, run, hidden, cuda, literal, raising, relaxed, written = everything.checks
    assert (plain.see, plain.points) == ("scale(x)", 1.0)
    assert (pointed.points, pointed.says) == (2.0, "Each row by itself.")
    assert run.run == "y = scale(x)\ntotal = y.sum(dim=1)\n"
    assert (run.rtol, run.atol) == (1e-4, 1e-6)
    assert (hidden.hidden, hidden.rtol) == (True, "auto")
    assert cuda.device == "cuda"
    assert literal.equals == Equals(True)
    assert raising.raises == "AttributeError"
    assert relaxed.ignore == {"dtype", "device"}
    assert written.equals == Equals([[1, 0], [0, 1]], "tensor", "float32")


def test_defaults_apply_to_fields_that_a_card_does_not_set(whole: Deck) -> None:
    everything, first, *_, sort = whole.cards
    assert (first.level, first.trials, first.tags) == (3, 2, ("all",))
    assert sort.trials == 1
    assert first.limits == Limits(seconds=4.0, memory=1 << 30)
    assert everything.limits == Limits(seconds=2.0, memory=1 << 30, output=64 << 10)


def test_the_default_title_is_the_id(whole: Deck) -> None:
    assert whole.cards[1].title == "first"


def test_fields_of_the_other_kinds(whole: Deck) -> None:
    _, _, guess, pick, sort = whole.cards
    assert guess.reference == "print(x := 3)"
    assert [wrong.code for wrong in guess.wrong] == ["x", "4"]
    assert [(choice.text, choice.right) for choice in pick.choices] == [("two", True), ("one", False)]
    assert pick.proof == "assert 2 > 1"
    assert sort.distract == ("b = 0",)


def test_positions_are_where_each_text_begins(everything: Card) -> None:
    lines = WHOLE.read_text(encoding="utf-8").splitlines()
    for field, start in {
        "title": "Scale the rows",
        "solution": "def scale(x):",
        "checks[0].see": "scale(x)",
        "checks[2].run": "y = scale(x)",
        "wrong[0].code": "def scale(x):",
        "hints[1]": "Keep the dimension.",
        "forbid[1]": ".amax",
        "limits.output": "64 KiB",
    }.items():
        position = everything.positions[field]
        assert lines[position.line - 1][position.column - 1 :].startswith(start), field
    assert lines[everything.position.line - 1].lstrip().startswith("- id: everything")


def test_translated_texts_replace_those_of_the_deck(whole: Deck) -> None:
    chinese = whole.in_language("zh")
    everything, first, _, pick, _ = chinese.cards
    assert chinese.title == "所有字段"
    assert chinese.description == "每种卡片各一张。"
    assert (everything.title, everything.hints[1]) == ("按行缩放", "保留维度。")
    assert [check.says for check in everything.checks[:2]] == [None, "每行单独计算。"]
    assert [wrong.says for wrong in everything.wrong] == ["那是所有行的最大值。", None]
    assert [(choice.text, choice.right) for choice in pick.choices] == [("二", True), ("一", False)]
    assert first == whole.cards[1]


def test_a_language_without_translation_changes_nothing(whole: Deck) -> None:
    assert whole.in_language("fr") is whole


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("title: no", "no"),
        ("title: 12:30", "12:30"),
        ("title: 1e-5", "1e-5"),
        ("title: 2024-01-01", "2024-01-01"),
        ("title: null", "null"),
        ("title: 0x10", "0x10"),
        ("title: on", "on"),
        ("title: .5", ".5"),
        ("title: =", "="),
        ("title: '12'", "12"),
    ],
)
def test_unquoted_text_is_never_converted(line: str, text: str, tmp_path: Path) -> None:
    assert card(tmp_path, plain_card("a", line)).title == text


@pytest.mark.parametrize("typed", ["1e-5", "1.0e-5", "0.00001", "1E-5", "10e-6", "+1e-5"])
def test_every_notation_of_a_number_is_read(typed: str, tmp_path: Path) -> None:
    text = f"id: a\nquestion: q\nsolution: x = 1\nchecks: [{{see: x, rtol: {typed}}}]\n"
    assert card(tmp_path, text).checks[0].rtol == pytest.approx(1e-5)


@pytest.mark.parametrize(("typed", "size"), [("512 MiB", 512 << 20), ("1GiB", 1 << 30), ("2097152", 2 << 20)])
def test_sizes_have_units(typed: str, size: int, tmp_path: Path) -> None:
    assert card(tmp_path, plain_card("a", f"limits: {{memory: {typed}}}")).limits.memory == size


@pytest.mark.parametrize(
    ("typed", "data"),
    [
        ("no", "no"),
        ("true", True),
        ("1e-5", 1e-5),
        ("12:30", "12:30"),
        ("'1'", "1"),
        ("~", None),
        ("[1, 2.0, a]", [1, 2.0, "a"]),
        ("{a: [1], 2: b}", {"a": [1], 2: "b"}),
        ("-.inf", float("-inf")),
    ],
)
def test_equals_is_plain_data(typed: str, data: object, tmp_path: Path) -> None:
    text = f"id: a\nquestion: q\nchecks: [{{see: x, equals: {typed}}}]\n"
    assert card(tmp_path, text).checks[0].equals == Equals(data)


def test_a_constant_is_an_expression(tmp_path: Path) -> None:
    text = "id: a\nquestion: q\nsolution: x = 1\nchecks: [True, 1, no, None]\n"
    assert [check.see for check in card(tmp_path, text).checks] == ["True", "1", "no", "None"]


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    text = deck_text(plain_card("a", "given: |\n  a = 1\n  b = 2\n"))
    (unix,) = read_deck(write(tmp_path, text, "unix.yaml"))
    (windows,) = read_deck(write(tmp_path, text.replace("\n", "\r\n"), "windows.yaml"))
    assert unix == windows
    assert unix.positions["given"] == windows.positions["given"] == Position(9, 7)
