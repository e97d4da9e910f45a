"""Commands of vim against what vim 9.0 does, as recorded by record.py."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.tui.widgets.vim.driver import PlainEditor
from tests.tui.widgets.vim.record import CURSORS, RECORDED, TEXT, keys_to_record, restore

ROWS: list[Any] = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]


def test_all_commands_are_recorded() -> None:
    assert [keys for keys, _ in ROWS] == keys_to_record()


@pytest.mark.parametrize(("keys", "results"), ROWS, ids=[keys for keys, _ in ROWS])
def test_command_does_what_vim_does(keys: str, results: list[Any]) -> None:
    for cursor, (lines, place) in zip(CURSORS, results, strict=True):
        editor = PlainEditor(TEXT, cursor).type(keys)
        if not editor.vim.is_ready:
            editor.type("<Esc>")
        assert (editor.text, editor.cursor) == (restore(lines), tuple(place)), f"from {cursor}"
