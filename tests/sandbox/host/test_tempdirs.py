"""Temporary folders are removed whatever they contain, and swept once their process has ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quizapp.sandbox.host.tempdirs import TempDir, remove_tree, sweep


def test_a_folder_deeper_than_any_path_is_removed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    current = os.open(root, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deeper", dir_fd=current)
        subfolder = os.open("deeper", os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = subfolder
    os.close(current)
    remove_tree(root)
    assert not root.exists()


def test_a_folder_without_permissions_is_removed_and_links_are_not_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    (outside / "inside").mkdir(parents=True)
    (root / "closed" / "more").mkdir(parents=True)
    (root / "link").symlink_to(outside)
    (root / "closed").chmod(0)
    remove_tree(root)
    assert not root.exists()
    assert (outside / "inside").exists()


def test_removing_a_missing_folder_is_not_an_error(tmp_path: Path) -> None:
    remove_tree(tmp_path / "missing")


def test_a_folder_is_swept_once_its_process_has_ended_and_its_lock_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (abandoned := tmp_path / f"ptquiz-{dead.pid}-a" / "run-1" / "deep").mkdir(parents=True)
    (empty := tmp_path / f"ptquiz-{dead.pid}-b").mkdir()
    (alive := tmp_path / f"ptquiz-{os.getpid()}-c").mkdir()
    (unrelated := tmp_path / "ptquiz-home-d").mkdir()
    link = tmp_path / f"ptquiz-{dead.pid}-e"
    link.symlink_to(unrelated)
    # A process in another PID namespace can have the same PID.
    locked = TempDir()
    elsewhere = locked.path.rename(tmp_path / f"ptquiz-{dead.pid}-f")
    sweep({os.getuid() + 1})
    assert empty.exists()
    sweep({os.getuid()})
    assert not abandoned.parent.parent.exists() and not empty.exists()
    assert alive.exists() and unrelated.exists() and link.is_symlink() and elsewhere.exists()
    with contextlib.suppress(OSError):
        locked.remove()
    sweep({os.getuid()})
    assert not elsewhere.exists()
