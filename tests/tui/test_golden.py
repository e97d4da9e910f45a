"""Every screen as text at three sizes of terminal. `PTQUIZ_UPDATE_GOLDEN=1` draws the files anew."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.tui.harness import text
from tests.tui.scenes import SCENES, playing

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((60, 20), (80, 24), (160, 48))


@pytest.fixture(autouse=True)
def in_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times on the screen are local."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_a_screen_looks_as_it_did(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with playing(name, tmp_path, size) as app:
        shown = text(app)
    file = GOLDEN / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("PTQUIZ_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
