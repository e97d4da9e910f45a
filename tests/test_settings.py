"""Settings are validated, and every error has a hint with what to write."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from quizapp.errors import SettingsError, UsageError
from quizapp.settings import Settings, _rules, changed, expand_user, locations, read_settings


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == Settings()


def test_every_setting_has_a_rule_that_its_default_satisfies() -> None:
    assert list(_rules()) == [field.name for field in fields(Settings)]
    for field in fields(Settings):
        default = getattr(Settings(), field.name)
        assert changed(Settings(), field.name, default) == Settings()


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'desired_retention = 0.8\nlearning_steps = [2, 20]\nday_starts = "03:30"\n[deck_retention]\na = 0.95\n'
    )
    settings = read_settings(path)
    assert (settings.desired_retention, settings.learning_steps) == (0.8, (2, 20))
    assert settings.deck_retention == {"a": 0.95}
    assert settings.day_offset == timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("desired_retention = 0.5", "write a number from 0.7 to 0.99"),
        ("desired_retention = true", "write a number from 0.7 to 0.99"),
        ("tag_retention = {shape = 2}", "write a table of numbers from 0.7 to 0.99"),
        ("learning_steps = [0]", "write a list of minutes"),
        ("learning_steps = [999999999999]", "write a list of minutes"),
        ('learning_steps = "1"', "write a list of minutes"),
        ('day_starts = "04:00+05:00"', "write a time such as"),
        ('day_starts = "4:00"', "write a time such as"),
        ('day_starts = "24:00"', "write a time such as"),
        ("new_per_day = 1.5", "write a whole number from 0 to 9999"),
        ("two_buttons = 1", "write `true` or `false`"),
        ('order = "alphabetical"', "write one of: due, retrievability, random, deck"),
        ("decks = [1]", "write a list of files and folders"),
        ('keys = {"study.submit" = 5}', "write a table of action ids and keys"),
        ("desired_retentoin = 0.9", "did you mean `desired_retention`?"),
        ("colour = 1", "settings are: decks, language"),
        ("decks = [", "fix that line"),
    ],
)
def test_an_invalid_line_is_reported_with_a_hint(line: str, hint: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line + "\n")
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    assert str(path) in raised.value.message
    assert hint in (raised.value.hint or "")


def test_a_home_of_an_unknown_user_is_refused() -> None:
    with pytest.raises(UsageError, match="PTQUIZ_HOME: `~nosuchuser/x`: there is no such user"):
        locations({"PTQUIZ_HOME": "~nosuchuser/x"})


def test_a_path_of_an_unknown_user_is_left_as_it_is() -> None:
    assert expand_user("~nosuchuser/x") == Path("~nosuchuser/x")
    assert expand_user("~/x") == Path.home() / "x"


@pytest.mark.parametrize("home", ["file", "file/inner"])
def test_a_home_that_is_a_file_is_named(tmp_path: Path, home: str) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read_settings(tmp_path / home / "settings.toml")
    assert raised.value.message == f"{tmp_path / 'file'} is a file, not a folder"
    assert "PTQUIZ_HOME" in (raised.value.hint or "")
