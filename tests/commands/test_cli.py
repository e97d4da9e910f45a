"""The command `ptquiz`: help, unknown commands, and errors before a command starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quizapp.cli import COMMANDS
from tests.commands.conftest import Command

PRIVATE_WORDS = re.compile(r"\b(mend|anew|told|whoever|nobody|somebody|stranger|dear)\b", re.IGNORECASE)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_plain_english(ptquiz: Command, command: str) -> None:
    result = ptquiz(*filter(None, [command]), "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: ptquiz")
    assert PRIVATE_WORDS.findall(result.out) == []


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
