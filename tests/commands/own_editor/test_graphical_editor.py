"""Which editors are started beside ptquiz, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from quizapp.commands.own_editor import graphical_editor
from quizapp.commands.own_editor.graphical_editor import ELSEWHERE, open_beside

PATH = Path("/home/me/twice.py")
WINDOWS = {"DISPLAY": ":0"}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that were started."""
    commands: list[list[str]] = []
    monkeypatch.setattr(graphical_editor, "_start", commands.append)
    return commands


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("code --wait", ["code", "--wait", "--goto", f"{PATH}:9"]),
        ("/usr/bin/gvim -f", ["/usr/bin/gvim", "-f", "+9", str(PATH)]),
        ("emacs", ["emacs", "+9", str(PATH)]),
        ("kate", ["kate", str(PATH)]),
    ],
)
def test_an_editor_with_a_window_is_started(started: list[list[str]], editor: str, command: list[str]) -> None:
    assert open_beside(PATH, 9, is_wanted=False, environment={"EDITOR": editor} | WINDOWS).startswith("opened with")
    assert started == [command]


@pytest.mark.parametrize("is_wanted", [False, True])
@pytest.mark.parametrize(
    "environment",
    [{}, {"EDITOR": " "}, {"EDITOR": "vim"}, {"VISUAL": "nano", "EDITOR": "code"}, {"EDITOR": "emacs"}]
    + [WINDOWS | {"EDITOR": editor} for editor in ("emacs -nw", "emacsclient -t", "nvim", "hx")],
)
def test_no_editor_is_started_in_the_terminal(
    started: list[list[str]], environment: Mapping[str, str], is_wanted: bool
) -> None:
    assert open_beside(PATH, 9, is_wanted=is_wanted, environment=environment) == ELSEWHERE
    assert not started


def test_an_unknown_editor_is_started_only_if_that_is_wanted(started: list[list[str]]) -> None:
    assert "--open starts `mine`" in open_beside(PATH, 9, is_wanted=False, environment={"EDITOR": "mine"})
    assert not started
    open_beside(PATH, 9, is_wanted=True, environment={"EDITOR": "mine"})
    assert started == [["mine", str(PATH)]]


def test_an_editor_that_cannot_be_started_is_named() -> None:
    environment = {"EDITOR": "/nowhere/subl"}
    assert "`subl` could not be started: No such file" in open_beside(PATH, 9, is_wanted=False, environment=environment)
    assert "is not a command" in open_beside(PATH, 9, is_wanted=False, environment={"EDITOR": "code 'x"})
