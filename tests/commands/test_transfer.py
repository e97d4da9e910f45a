"""`ptquiz export` and `import`."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from tests.commands.conftest import Command, count_learned, review_one_card
from tests.review.harness import StudyHarness, exported, make_library


@pytest.mark.jail
def test_an_export_moves_reviews_to_another_home_and_adds_nothing_twice(
    ptquiz: Command, deck: Path, home: Path, tmp_path: Path
) -> None:
    review_one_card(ptquiz, deck)
    out = tmp_path / "all.json"
    assert ptquiz("export", out).code == 0
    assert ptquiz("import", out).out == "0 entries added\n"
    home.rename(tmp_path / "old")
    assert ptquiz("import", out).out == "1 entry added\n"
    assert ptquiz("import", out).out == "0 entries added\n"
    assert count_learned(ptquiz, deck) == 1


def test_an_export_without_a_file_is_printed(ptquiz: Command) -> None:
    assert json.loads(ptquiz("export").out)
    assert ptquiz("export", "--format", "csv").out.startswith("kind,")


def test_an_export_that_cannot_be_written_exits_2_and_leaves_no_partial_file(ptquiz: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    result = ptquiz("export", folder / "missing" / "all.json")
    assert result.code == 2 and "hint: name a file that can be written" in result.err
    assert list(folder.iterdir()) == []


def test_an_export_follows_a_link_and_writes_into_a_pipe(ptquiz: Command, tmp_path: Path) -> None:
    real, link, pipe = tmp_path / "real.json", tmp_path / "link.json", tmp_path / "pipe"
    real.write_text("old", encoding="utf-8")
    link.symlink_to("real.json")
    assert ptquiz("export", link).code == 0
    assert link.is_symlink() and json.loads(real.read_text(encoding="utf-8"))
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    assert ptquiz("export", pipe).code == 0
    reader.join()
    assert pipe.is_fifo() and read == [real.read_text(encoding="utf-8")]
    assert ptquiz("export", os.devnull).code == 0 and Path(os.devnull).is_char_device()


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_byte_order_mark_is_accepted(ptquiz: Command, tmp_path: Path, form: str) -> None:
    file = tmp_path / "all"
    file.write_bytes(b"\xef\xbb\xbf" + ptquiz("export", "--format", form).out.encode())
    assert ptquiz("import", "--format", form, file).out == "0 entries added\n"


def test_an_import_of_a_missing_file_exits_2(ptquiz: Command, tmp_path: Path) -> None:
    result = ptquiz("import", tmp_path / "all.json")
    assert result.code == 2
    assert str(tmp_path / "all.json") in result.err and "hint: name a file that `ptquiz export` wrote" in result.err


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"a,b\n1,2\n"], ids=["not UTF-8", "empty", "other columns"])
def test_a_file_that_is_not_an_export_exits_2(ptquiz: Command, tmp_path: Path, form: str, content: bytes) -> None:
    file = tmp_path / "export"
    file.write_bytes(content)
    result = ptquiz("import", "--format", form, file)
    assert (result.code, result.out) == (2, "")
    assert "hint: " in result.err and "ptquiz export" in result.err


def test_the_format_is_found_in_the_file(ptquiz: Command, store: Path, tmp_path: Path) -> None:
    assert ptquiz("export", tmp_path / "all.csv").code == 0
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").startswith("kind,")
    (tmp_path / "csv").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "all.csv").read_bytes())
    text = (tmp_path / "all.csv").read_text(encoding="utf-8")
    # Of the texts, only the reason of a rating contains a comma.
    (tmp_path / "all.txt").write_text(text.replace('"first try, no hints"', "first try").replace(",", ";"))
    (tmp_path / "json").write_text(ptquiz("export").out, encoding="utf-8")
    for number, name in enumerate(("all.csv", "csv", "all.txt", "json")):
        store.parent.rename(tmp_path / f"old{number}")
        assert ptquiz("import", tmp_path / name).out == "30 entries added\n"


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x"])
@pytest.mark.parametrize(
    "content",
    [
        "",
        "a,b\n1,2\n",
        "hello",
        "{}",
        '{"log": []}',
        "[1]",
        "[" * 10_000,
        "\xff",
        "kind,card\n",
        '{"ptquiz": 1, "log": [7]}',
    ],
)
def test_every_fault_is_one_line_with_the_name_of_the_file(
    ptquiz: Command, tmp_path: Path, name: str, content: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content.encode("latin-1"))
    result = ptquiz("import", file)
    assert (result.code, result.out) == (2, "")
    error, hint = result.err.splitlines()
    assert error.startswith(f"error: {file}: ") and hint.startswith("hint: ")


def test_a_huge_file_is_not_read(ptquiz: Command, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    with file.open("wb") as out:
        out.truncate(10 * 1024**4)
    result = ptquiz("import", file)
    assert (result.code, result.err.splitlines()[0]) == (
        2,
        f"error: {file}: larger than 512 MiB, so not an export of ptquiz",
    )


@pytest.mark.jail
def test_reviews_of_a_wrong_clock_are_imported_and_reported(ptquiz: Command, deck: Path, tmp_path: Path) -> None:
    study = StudyHarness(tmp_path / "other", make_library("small/one", "small/two"))
    study.clock.now = datetime(2150, 1, 1, tzinfo=UTC)
    study.learn("small/one", "small/two")
    (tmp_path / "all.json").write_text(exported(study.store), encoding="utf-8")
    study.store.close()
    imported = ptquiz("import", tmp_path / "all.json")
    assert (imported.code, imported.out) == (0, "2 entries added\n")
    for result in (imported, ptquiz("stats"), ptquiz("--decks", deck, "study", "--plain", stdin="q\n")):
        assert result.code == 0 and "warning: 2 reviews dated in the future" in result.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_export_never_replaces_a_store_or_a_backup(ptquiz: Command, home: Path, tmp_path: Path, form: str) -> None:
    ptquiz("backup", str(tmp_path / "copy.db"))
    link = tmp_path / "link.json"
    link.symlink_to(home / "reviews.db")
    for target in (home / "reviews.db", tmp_path / "copy.db", link):
        before = target.read_bytes()
        result = ptquiz("export", "--format", form, str(target))
        assert (result.code, "which an export does not replace" in result.err) == (2, True)
        assert target.read_bytes() == before


@pytest.mark.parametrize("command", ["export", "import", "backup", "restore"])
def test_an_empty_name_and_a_folder_are_one_line(ptquiz: Command, tmp_path: Path, command: str) -> None:
    for name, message in (("", "FILE is empty"), (str(tmp_path), str(tmp_path))):
        result = ptquiz(command, name)
        error, hint = result.err.splitlines()
        assert (result.code, result.out) == (2, "")
        assert error.startswith(f"error: {message}") and hint.startswith("hint: ")
        assert "PTQUIZ_HOME" not in hint
