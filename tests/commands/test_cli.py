"""The command `ptquiz`: help, unknown commands, and errors before a command starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.cli import COMMANDS
from quizapp.commands import start
from quizapp.sandbox.client import Sandbox
from quizapp.services import ServiceProvider
from tests.commands.conftest import DECK, Command
from tests.review.harness import StudyHarness, make_library

PRIVATE_WORDS = re.compile(r"\b(mend|anew|told|whoever|nobody|somebody|stranger|dear)\b", re.IGNORECASE)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_plain_english(ptquiz: Command, command: str) -> None:
    result = ptquiz(*filter(None, [command]), "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: ptquiz")
    assert PRIVATE_WORDS.findall(result.out) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_takes_the_shared_options(ptquiz: Command, command: str) -> None:
    printed = ptquiz(command, "--help").out
    assert printed.count("--decks DIR") == printed.count("--trust") == 1


def positions(options: list[str | Path], command: list[str | Path]) -> list[list[str | Path]]:
    """Return `command` with `options` before it, between its name and its arguments, and at the end."""
    return [[*options, *command], [command[0], *options, *command[1:]], [*command, *options]]


def test_decks_are_found_wherever_the_option_is_given(ptquiz: Command, deck: Path) -> None:
    for arguments in positions(["--decks", deck.parent], ["decks"]):
        assert f"({deck})" in ptquiz(*arguments).out
    for arguments in positions(["--decks", deck], ["due", "--json"]):
        assert '"deck": "small"' in ptquiz(*arguments).out
    for arguments in positions(["--decks", deck], ["study", "smal"]):
        assert "did you mean `small`?" in ptquiz(*arguments).err
    for arguments in positions(["--decks", deck], ["preview", "small/twice"]):
        assert "ptquiz try small/twice" in ptquiz(*arguments).err


@pytest.mark.jail
def test_an_answer_is_graded_wherever_the_options_are_given(ptquiz: Command, deck: Path) -> None:
    for arguments in positions(["--decks", deck, "--trust"], ["try", "small/twice", "-"]):
        assert ptquiz(*arguments, stdin="y = x * 2").code == 0


def test_decks_given_before_and_after_a_command_add_up(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(DECK.replace("deck: small", "deck: second"))
    printed = ptquiz("--decks", deck, "decks", "--decks", second).out
    assert f"({deck})" in printed and f"({second})" in printed
    assert f"({second})" not in ptquiz("--decks", deck, "decks").out, "a call must not change the next one"


def test_trust_counts_before_and_after_a_command(ptquiz: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(ServiceProvider, "close", lambda provider: seen.append(provider.trust))
    for arguments in positions(["--trust"], ["decks"]):
        ptquiz(*arguments)
    ptquiz("--trust", "decks", "--trust")
    ptquiz("decks")
    assert seen == [True, True, True, True, False]


def test_a_missing_folder_of_decks_exits_2(ptquiz: Command, deck: Path) -> None:
    for arguments in positions(["--decks", "nowhere"], ["due"]):
        result = ptquiz(*arguments)
        assert result.code == 2 and "nowhere: no such file or folder" in result.err


NAMING_A_CARD: list[list[str | Path]] = [
    ["try", "broken/sum", "-"],
    ["try", "broken/none", "-"],
    ["try", "sum", "-"],
    ["preview", "broken/other"],
    ["cram", "broken", "--plain"],
    ["study", "broken"],
    ["study", "broken", "--plain"],
    ["leeches", "--suspend", "broken/sum"],
]
"""Commands that name a card or the slug of the broken deck."""

ERRORS = (":9:14: `cards[0].checks[0]` is split", ":13:5: `chekcs` is not a field of a card", "hint: quote it: ")


@pytest.mark.parametrize("command", NAMING_A_CARD, ids=str)
def test_a_name_in_a_broken_deck_of_a_folder_shows_the_errors_of_that_deck(
    ptquiz: Command, deck: Path, broken: Path, command: list[str | Path]
) -> None:
    result = ptquiz("--decks", deck.parent, *command)
    assert (result.code, result.out) == (1, "")
    assert all(error in result.err for error in ERRORS) and f"error: {broken}" in result.err


@pytest.mark.parametrize("command", [*NAMING_A_CARD, [], ["due"], ["stats"], ["study", "--plain"], ["cram"]], ids=str)
def test_a_broken_deck_that_is_named_by_its_file_shows_its_errors(
    ptquiz: Command, broken: Path, command: list[str | Path]
) -> None:
    for arguments in ([*command, "--decks", broken], ["--decks", broken, *command]):
        result = ptquiz(*arguments)
        assert (result.code, result.out) == (1, "")
        assert all(error in result.err for error in ERRORS)


@pytest.mark.parametrize("command", [[], ["study"], ["cram"]], ids=str)
def test_no_screen_opens_for_a_broken_deck_or_an_empty_folder(
    ptquiz: Command, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(start, "has_screen", lambda: True)
    monkeypatch.setattr("quizapp.tui.app.run", lambda *_: pytest.fail("the screen was opened"))
    (tmp_path / "empty").mkdir()
    result = ptquiz("--decks", broken, *command)
    assert result.code == 1 and all(error in result.err for error in ERRORS)
    result = ptquiz(*command, "--decks", tmp_path / "empty")
    assert (result.code, "empty: no deck in this folder" in result.err) == (2, True)


def test_a_broken_translation_belongs_to_its_deck(ptquiz: Command, deck: Path) -> None:
    deck.with_name("small.zh.yaml").write_text("translates: small\nlanguage: zh\ncards: {none: {title: t}}\n")
    for decks in (deck, deck.parent):
        result = ptquiz("--decks", decks, "try", "small/twice", stdin="1")
        assert (result.code, result.out) == (1, "")
        assert "small.zh.yaml:3:" in result.err


def test_a_deck_that_is_not_yaml_is_found_by_its_slug_or_its_file(ptquiz: Command, broken: Path) -> None:
    broken.write_text("deck: lost\ncards: [\n")
    broken.with_name("nameless.yaml").write_text("cards: [\n")
    for name in ("lost/a", "nameless/a"):
        result = ptquiz("--decks", broken.parent, "try", name, stdin="1")
        assert (result.code, result.err.count("error: ")) == (1, 1)


def test_an_unknown_name_mentions_the_decks_that_were_skipped(ptquiz: Command, deck: Path, broken: Path) -> None:
    for arguments in (["try", "small/twiec"], ["cram", "smal"]):
        result = ptquiz("--decks", deck.parent, *arguments, stdin="1")
        assert result.code == 2
        assert f"(skipped {broken} (line " in result.err and "; `ptquiz decks` lists all problems)" in result.err
        assert "did you mean `small" in result.err


def test_a_broken_deck_does_not_affect_the_others_of_its_folder(ptquiz: Command, deck: Path, broken: Path) -> None:
    result = ptquiz("--decks", deck.parent, "due")
    assert (result.code, "small" in result.out) == (0, True)
    assert result.err.startswith(f"warning: skipped {broken} (line ") and result.err.count("\n") == 1
    assert result.err.endswith("; `ptquiz decks` lists all problems\n")


def test_reviewed_cards_of_a_broken_deck_are_passed_over(
    ptquiz: Command, deck: Path, broken: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = StudyHarness(home, make_library("broken/sum"))
    study.session(cards=["broken/sum"])
    study.review("broken/sum")
    study.store.close()
    monkeypatch.setattr(Sandbox, "start", lambda sandbox: None)
    for arguments in (["due"], ["study", "--plain"], ["cram", "--plain"], ["stats"], ["leeches"], ["orphans"]):
        result = ptquiz("--decks", deck.parent, *arguments, stdin="u\nq\n")
        assert (result.code, result.err.count("warning: skipped ")) == (0, 1)


def test_decks_and_check_read_what_they_can_of_a_broken_deck(ptquiz: Command, deck: Path, broken: Path) -> None:
    listed = ptquiz("decks", "--decks", broken, "--decks", deck)
    assert listed.code == 1 and f"({deck})" in listed.out and f"error: {broken}" in listed.err
    assert ptquiz("check", "--no-run", deck, "--decks", broken).code == 0


def test_a_misspelt_command_names_the_nearest(ptquiz: Command) -> None:
    result = ptquiz("chekc")
    assert result.code == 2
    assert "did you mean `check`?" in result.err


def test_an_invalid_settings_file_is_an_error_with_a_hint(ptquiz: Command, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("desired_retentoin = 0.9\n")
    result = ptquiz("due")
    assert result.code == 2
    assert "hint: did you mean `desired_retention`?" in result.err
