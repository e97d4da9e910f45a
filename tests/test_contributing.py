"""Every path and every name of the code in CONTRIBUTING.md exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import quizapp

PACKAGE = Path(quizapp.__file__).parent
ROOT = PACKAGE.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
QUOTED = sorted(set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))))
PATHS = [
    text
    for text in QUOTED
    if re.fullmatch(r"[\w./-]+(?:\.py|\.md|\.json|/)|(?:tests|docs|sandbox|grading|review)/[\w./]+", text)
]
NAMES = [text for text in QUOTED if re.fullmatch(r"[A-Z]\w*(?:\.\w+)?|_\w+", text)]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*.py")
)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    assert (ROOT / path).exists() or (PACKAGE / path).exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_defined(name: str) -> None:
    for part in name.split("."):
        assert re.search(rf"^\s*(?:class|def|async def) {part}\b|^{part}\b.* = ", SOURCES, re.MULTILINE), part
