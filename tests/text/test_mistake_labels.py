"""Labels of mistakes."""

from __future__ import annotations

import pytest

from quizapp.grading.mistake import Mistake
from quizapp.text.mistake_labels import LABELS, mistake_label

LONGEST = 36


def test_every_mistake_has_its_own_short_label() -> None:
    assert set(LABELS) <= set(Mistake)
    labels = [mistake_label(mistake) for mistake in Mistake]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= LONGEST


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("wrong-dimension", "wrong dimension"),
        ("none", "None instead of a value"),
        ("RuntimeError", "RuntimeError"),
        ("My\x1b[2JError", "My\\x1b[2JError"),
    ],
)
def test_a_label_is_printable(key: str, label: str) -> None:
    assert mistake_label(key) == label
