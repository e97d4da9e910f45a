"""`ptquiz backup` and `restore`."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from tests.commands.conftest import Command, count_learned, review_one_card


@pytest.mark.jail
def test_a_backup_restores_lost_reviews(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    review_one_card(ptquiz, deck)
    copy = tmp_path / "copy.db"
    backed_up = ptquiz("backup", copy)
    assert (backed_up.code, backed_up.out) == (0, f"{copy}\n")
    ptquiz("undo")
    restored = ptquiz("restore", copy)
    assert restored.code == 0 and "the replaced store is now" in restored.err
    assert count_learned(ptquiz, deck) == 1


def test_a_backup_without_a_file_goes_into_the_folder_of_backups_and_is_listed(ptquiz: Command, home: Path) -> None:
    created = Path(ptquiz("backup").out.strip())
    assert created.parent == home / "backups" and created.name.startswith("manual-")
    listed = ptquiz("restore")
    assert listed.out == f"{created}  no reviews\n"
    assert "hint: `ptquiz restore FILE`" in listed.err


def test_a_backup_follows_a_link_and_writes_into_a_pipe(ptquiz: Command, tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real.db", tmp_path / "link.db", tmp_path / "pipe"
    assert ptquiz("backup", real).code == 0
    real.chmod(0o600)
    inode = real.stat().st_ino
    link.symlink_to(real)
    assert ptquiz("backup", link).out == f"{link}\n"
    assert link.is_symlink() and real.stat().st_ino != inode and real.stat().st_mode & 0o777 == 0o600
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    result = ptquiz("backup", pipe)
    reader.join()
    assert (result.code, result.out, result.err) == (0, "", f"{pipe}\n")
    assert pipe.is_fifo() and read[0].startswith(b"SQLite format 3")


def test_restore_without_any_backup_exits_2(ptquiz: Command, home: Path) -> None:
    result = ptquiz("restore")
    assert (result.code, result.out) == (2, "")
    assert f"no backups in {home / 'backups'}" in result.err and "hint: name the file to restore" in result.err


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_that_is_not_a_backup_is_rejected_and_unchanged(ptquiz: Command, tmp_path: Path, command: str) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work", encoding="utf-8")
    result = ptquiz(command, thesis)
    assert result.code == 2 and "thesis.txt is" in result.err and "hint" in result.err
    assert thesis.read_text(encoding="utf-8") == "years of work"
