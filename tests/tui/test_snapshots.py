"""Key screens as SVG, for what the golden files do not show: colours, focus, selection and the contrast of a theme.

`--snapshot-update` rewrites the files in `__snapshots__/`. See docs/decisions/0011-screen-snapshots.md.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from pytest_textual_snapshot import SVGImageExtension
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from quizapp.tui.app import PtquizApp
from tests.tui.scenes import ENGLISH_DECKS, SCENES, make_scene, reach_scene

# Remove when pytest-textual-snapshot supports syrupy 5, which renamed `_file_extension` to this.
SVGImageExtension.file_extension = "svg"

SIZE = (120, 30)
"""Wide enough for the browse page to show its list beside the preview."""
DARK, LIGHT = "ptquiz-dark", "ptquiz-light"
SHOWN = (
    ("home", DARK),
    ("question", DARK),
    ("wrong", DARK),
    ("wrong", LIGHT),
    ("passed", DARK),
    ("predict", DARK),
    ("browse", DARK),
    ("statistics", DARK),
    ("settings", DARK),
    ("help", DARK),
)
"""Scene and theme of each snapshot, without Chinese text: the export gives wide characters one cell."""


def stop_blinking(app: PtquizApp) -> None:
    """Keep the cursors of text fields visible, so that a snapshot does not depend on the time."""
    for area in app.screen.query(TextArea):
        area.cursor_blink = False
    for field in app.screen.query(Input):
        field.cursor_blink = False


@pytest.mark.slow
@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(("scene", "theme"), SHOWN, ids=lambda value: str(value).removeprefix("ptquiz-"))
def test_scene_matches_its_snapshot(scene: str, theme: str, tmp_path: Path, snap_compare: Callable[..., bool]) -> None:
    harness = make_scene(scene, tmp_path, theme, ENGLISH_DECKS)
    app = harness.app(() if SCENES[scene].study else None)

    async def run_before(pilot: Pilot[Any]) -> None:
        await reach_scene(scene, app, cast("Pilot[None]", pilot))
        stop_blinking(app)

    assert snap_compare(app, terminal_size=SIZE, run_before=run_before)
