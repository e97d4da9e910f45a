"""`ptquiz export` and `import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Command, count_learned, review_one_card


@pytest.mark.jail
def test_an_export_moves_reviews_to_another_home_and_adds_nothing_twice(
    ptquiz: Command, deck: Path, home: Path, tmp_path: Path
) -> None:
    review_one_card(ptquiz, deck)
    out = tmp_path / "all.json"
    assert ptquiz("export", out).code == 0
    assert ptquiz("import", out).out == "0 entries added\n"
    for file in home.glob("reviews.db*"):
        file.unlink()
    assert ptquiz("import", out).out == "1 entry added\n"
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
