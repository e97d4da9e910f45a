"""`ptquiz watch`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from quizapp.commands import watch
from tests.commands.conftest import Command


@pytest.mark.jail
def test_a_watch_checks_at_once_and_ends_with_ctrl_c(
    ptquiz: Command, deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "time", SimpleNamespace(sleep=interrupt))
    result = ptquiz("--trust", "watch", deck)
    assert "1 deck, 4 cards: 0 errors" in result.out
    assert (result.code, "checking small.yaml" in result.err) == (130, True)


def test_a_missing_path_exits_2(ptquiz: Command) -> None:
    result = ptquiz("watch", "nowhere")
    assert result.code == 2 and "nowhere: no such file or folder" in result.err
