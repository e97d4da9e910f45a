"""Every scene as text at three terminal sizes. `PTQUIZ_UPDATE_GOLDEN=1` rewrites the golden files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tui.harness import text
from tests.tui.scenes import SCENES, play_scene

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden"
SIZES = ((60, 20), (80, 24), (160, 48))


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_scene_matches_its_golden_file(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with play_scene(name, tmp_path, size) as app:
        shown = text(app)
    file = GOLDEN / f"{name}-{size[0]}x{size[1]}.txt"
    if os.environ.get("PTQUIZ_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
