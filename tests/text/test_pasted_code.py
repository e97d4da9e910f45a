"""Pasted code."""

from __future__ import annotations

import pytest

from quizapp.text.pasted_code import clean_code


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("y\u00a0= 1\n", "y = 1\n"),
        ("if y:\n\u00a0\u00a0\u3000\u2003z = 1", "if y:\n    z = 1"),
        ("\ufeffy = 1", "y = 1"),
        ("y = \u200b1\u200e", "y = 1"),
        ("y\u00a0= 'a\u00a0b'", "y = 'a\u00a0b'"),
        ('y = f"\\"\u3000"\u00a0+ z', 'y = f"\\"\u3000" + z'),
        ("# don\u2019t\u00a0\ny\u00a0= 'it", "# don\u2019t \ny = 'it"),
        ("y = '张量'", "y = '张量'"),
        ("\ty = 1\r\n", "\ty = 1\r\n"),
    ],
)
def test_only_characters_that_python_rejects_are_changed(pasted: str, code: str) -> None:
    assert clean_code(pasted) == code
