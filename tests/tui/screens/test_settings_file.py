"""A setting is saved into the file that settings.toml leads to, in UTF-8, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.errors import SettingsError
from quizapp.settings import read_settings
from quizapp.tui.screens.settings_file import write_setting


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "settings.toml", tmp_path / "settings.toml"
    real.parent.mkdir()
    real.write_text("new_per_day = 5 # mine\n", encoding="utf-8")
    link.symlink_to("dotfiles/settings.toml")
    write_setting(link, "new_per_day", 7)
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "new_per_day = 7 # mine\n"
    assert [path.name for path in real.parent.iterdir()] == ["settings.toml"]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf# mine\r\nnew_per_day = 5\r\n")
    assert read_settings(path).new_per_day == 5
    write_setting(path, "new_per_day", 7)
    assert path.read_bytes() == b"# mine\r\nnew_per_day = 7\r\n"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_refused_and_unchanged(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    data = "# für mich\nnew_per_day = 5\n".encode(encoding)
    path.write_bytes(data)
    with pytest.raises(SettingsError, match="not UTF-8") as read:
        read_settings(path)
    with pytest.raises(SettingsError, match="not UTF-8") as written:
        write_setting(path, "new_per_day", 7)
    assert read.value.hint == written.value.hint == "save the file as UTF-8"
    assert path.read_bytes() == data
