"""`ptquiz watch`."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from quizapp.commands import watch
from tests.commands.conftest import Command


@pytest.fixture
def one_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C end each watch after its first poll."""

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "time", SimpleNamespace(sleep=interrupt))


@pytest.mark.jail
def test_a_watch_checks_at_once_and_ends_with_ctrl_c(ptquiz: Command, deck: Path, one_poll: None) -> None:
    result = ptquiz("--trust", "watch", deck)
    assert "1 deck, 4 cards: 0 errors" in result.out
    assert (result.code, "checking small.yaml" in result.err) == (130, True)


def test_a_missing_path_exits_2(ptquiz: Command) -> None:
    result = ptquiz("watch", "nowhere")
    assert result.code == 2 and "nowhere: no such file or folder" in result.err


def test_a_pipe_is_not_watched(ptquiz: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    result = ptquiz("watch", tmp_path / "pipe.yaml")
    assert result.code == 2 and "pipe.yaml: a named pipe, not a file or folder" in result.err


def test_a_watched_folder_names_what_is_skipped_and_warns_about_a_file_of_another_program(
    ptquiz: Command, tmp_path: Path, one_poll: None
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n", encoding="utf-8")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    result = ptquiz("watch", tmp_path)
    assert f"warning: {tmp_path / 'compose.yaml'}:1:1: not a deck: " in result.out
    assert "0 errors, 1 warning" in result.out
    assert f"warning: {tmp_path / 'gone.yaml'}: a link to `nowhere`, which does not exist" in result.err
    assert "error: " in ptquiz("watch", tmp_path / "compose.yaml").out
