"""The file in which a card is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.commands.own_editor.work_file import MARKER, keep_former_answer, read_work_file, write_work_file
from quizapp.decks.card import Card, Check
from quizapp.errors import UsageError

CARD = Card("small", "twice", "Bind `y`.\r\n\x1b[31m", (Check("y"),), given="x = 1\n", forbid=("torch.add",))


def test_question_rules_and_given_code_are_comments_above_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "work" / "twice.py"
    write_work_file(path, CARD, "y = ...\n")
    *above, marker, answer = path.read_text(encoding="utf-8").splitlines()
    assert (marker, answer) == (MARKER, "y = ...")
    assert all(line.startswith("#") for line in above)
    text = "\n".join(above)
    assert "Bind `y`." in text and "Not allowed: `torch.add`" in text and "#     x = 1" in text
    assert "\x1b" not in text and "\\x1b[31m" in text
    assert read_work_file(path) == ("y = ...", len(above) + 1)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("y = 1\n", "y = 1"),
        ("# y\n# ---------- your answer: everything below this line ----------\n\ny = 1\n", "\ny = 1"),
        (f"{MARKER}\r\ny = 1\r\n", "y = 1"),
        (f"{MARKER}", ""),
        ("", ""),
        ("\ufeffy = 1", "y = 1"),
    ],
)
def test_the_answer_is_what_follows_the_marker_or_the_whole_file(tmp_path: Path, text: str, answer: str) -> None:
    path = tmp_path / "answer.py"
    path.write_bytes(text.encode())
    assert read_work_file(path)[0] == answer


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_bytes(b"y = '\xff'")
    with pytest.raises(UsageError, match="UTF-8"):
        read_work_file(path)
    path.unlink()
    with pytest.raises(UsageError, match="No such file"):
        read_work_file(path)
    path.mkdir()
    with pytest.raises(UsageError, match="not a file"):
        read_work_file(path)
    with pytest.raises(UsageError, match=r"answer\.py"):
        write_work_file(path, CARD, "")


def test_an_answer_that_is_not_stored_is_kept_beside_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "twice.py"
    assert keep_former_answer(path, CARD, ["y = ..."]) == ""
    write_work_file(path, CARD, "y = 1")
    assert keep_former_answer(path, CARD, ["y = ...", "y = 1\n"]) == ""
    assert "twice.old.py" in keep_former_answer(path, CARD, ["y = ..."])
    assert read_work_file(tmp_path / "twice.old.py")[0] == "y = 1"
