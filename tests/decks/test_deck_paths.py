"""Paths that lead neither to a file nor to a folder, and entries of a folder that look like decks and are none."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.decks import library
from quizapp.decks.library import load_library
from quizapp.decks.parsing import source
from quizapp.decks.problems import Problems
from quizapp.decks.reader import read_decks
from quizapp.errors import UsageError
from quizapp.settings import Settings
from tests.decks.making import deck_text, plain_card, write


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a socket may have 108 bytes only; see unix(7).
        folder = os.open(path.parent, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


MAKERS: dict[str, Callable[[Path], None]] = {
    "a named pipe, not a file or folder": os.mkfifo,
    "a socket, not a file or folder": make_socket,
    "a device, not a file or folder": lambda path: path.symlink_to("/dev/zero"),
    "a link to `gone\\nfile`, which does not exist": lambda path: path.symlink_to("gone\nfile"),
    "a link that leads back to itself": lambda path: path.symlink_to(path.name),
}
"""What is wrong with a path -> function that creates it."""


@pytest.fixture(autouse=True)
def no_shipped_decks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr(library, "shipped", lambda: tmp_path / "shipped")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the deck `ok`."""
    write(tmp_path / "decks", deck_text(plain_card("a"), slug="ok"), "ok.yaml")
    return tmp_path / "decks"


@pytest.mark.parametrize("fault", MAKERS)
def test_an_entry_that_is_no_file_is_skipped_with_one_warning(fault: str, folder: Path) -> None:
    MAKERS[fault](folder / "x.yaml")
    loaded = load_library([folder], {})
    ((problem,), (skipped,)) = (read_decks([folder])[1], loaded.skipped())
    assert problem == skipped
    assert (problem.path, problem.kind, problem.severity) == (str(folder / "x.yaml"), "not-a-file", "warning")
    assert (problem.message, [deck.slug for deck in loaded.decks]) == (fault, ["ok"])


def test_a_folder_with_the_name_of_a_deck_is_reported_and_its_decks_are_read(folder: Path) -> None:
    write(folder / "x.yaml", deck_text(plain_card("a"), slug="inner"), "inner.yaml")
    decks, (problem,) = read_decks([folder])
    assert [deck.slug for deck in decks] == ["ok", "inner"]
    assert (problem.path, problem.message) == (str(folder / "x.yaml"), "a folder, not a deck file")


@pytest.mark.parametrize("name", [".x.yaml", ".git/x.yaml", "x.yaml~", "x.txt"])
def test_an_entry_without_the_name_of_a_deck_is_not_reported(name: str, folder: Path) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to("gone")
    assert read_decks([folder])[1] == []


def test_a_link_to_a_folder_is_reported_and_not_followed(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "other", deck_text(plain_card("a"), slug="other"))
    (folder / "more").symlink_to(tmp_path / "other")
    decks, (problem,) = read_decks([folder])
    assert [deck.slug for deck in decks] == ["ok"]
    assert (problem.path, problem.kind, problem.severity) == (str(folder / "more"), "linked-folder", "warning")


@pytest.mark.parametrize("fault", MAKERS)
def test_a_named_path_that_is_no_file_is_one_error(fault: str, tmp_path: Path) -> None:
    MAKERS[fault](tmp_path / "x.yaml")
    decks, (problem,) = read_decks([tmp_path / "x.yaml"])
    assert (decks, problem.kind, problem.severity, problem.message) == ([], "not-a-file", "error", fault)


@pytest.mark.parametrize("name", ["none", "n" * 300, "no\0thing", "decks/ok.yaml/x"])
def test_a_path_of_the_settings_that_cannot_exist_is_one_error(name: str, folder: Path) -> None:
    loaded = load_library([folder], {}, Settings(decks=(str(folder.parent / name),)))
    assert [(problem.line, problem.severity) for problem in loaded.problems] == [(0, "error")]


@pytest.mark.parametrize("fault", MAKERS)
def test_a_translation_that_is_no_file_is_an_error_of_its_deck(fault: str, folder: Path) -> None:
    MAKERS[fault](folder / "ok.zh.yaml")
    decks, (problem,) = read_decks([folder])
    assert (decks, problem.path, problem.message) == ([], str(folder / "ok.zh.yaml"), fault)


def test_a_deck_that_is_a_link_to_a_file_is_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "x.yaml").symlink_to(folder / "ok.yaml")
    ((deck,), problems) = read_decks([tmp_path / "linked"])
    assert (deck.slug, problems) == ("ok", [])


def test_a_folder_that_is_named_twice_is_read_once(folder: Path) -> None:
    os.mkfifo(folder / "x.yaml")
    decks, problems = read_decks([folder, folder, folder / ".." / "decks", folder / "ok.yaml"])
    assert [deck.slug for deck in decks] == ["ok"]
    assert {problem.kind for problem in problems} == {"not-a-file"}
    assert len(read_decks([folder, folder])[1]) == 1


def test_a_folder_in_which_everything_is_skipped_has_no_deck_and_names_what_is_skipped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    with pytest.raises(UsageError, match="no deck in this folder") as raised:
        library.require_deck(tmp_path)
    assert raised.value.hint and f"skipped {tmp_path / 'x.yaml'} (a named pipe" in raised.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_folders_and_files_that_may_not_be_read_are_reported(folder: Path) -> None:
    write(folder / "closed", deck_text(plain_card("a"), slug="closed")).parent.chmod(0)
    write(folder, deck_text(plain_card("a"), slug="secret"), "secret.yaml").chmod(0)
    problems = load_library([folder], {}).skipped()
    (folder / "closed").chmod(0o700)
    assert [(Path(problem.path).name, problem.kind) for problem in problems] == [
        ("closed", "unreadable-folder"),
        ("secret.yaml", "unreadable"),
    ]


def test_a_file_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    os.truncate(path, 64 << 30)
    assert [problem.kind for problem in read_decks([path])[1]] == ["too-large"]


def test_names_of_files_stay_on_one_line_in_messages(tmp_path: Path) -> None:
    for name in ("a\nb.yaml", "z\udcff.yaml"):
        write(tmp_path, deck_text(plain_card("a"), slug="same"), name)
    (problem,) = read_decks([tmp_path])[1]
    assert "a\\nb.yaml:2" in problem.message and "\n" not in problem.message


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    monkeypatch.setattr(source, "find_fault", lambda path: None)
    problems = Problems("x.yaml")
    assert source.read_source(tmp_path / "x.yaml", problems) is None
    assert [problem.kind for problem in problems.sorted()] == ["empty"]
