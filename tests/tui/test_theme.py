"""The themes: contrast and colour blindness, computed from the colours that reach the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.widgets import Static, TextArea

from quizapp.settings import Settings
from quizapp.text.labels import CHECK_LABELS, OUTCOME_LABELS
from quizapp.tui.styles import MUTED
from quizapp.tui.theme import DARK_NAME, LIGHT_NAME, THEMES, register_themes, use_syntax_colours
from tests.tui.colour_vision import VISIONS, contrast, distance
from tests.tui.harness import MakeHarness, card, open_app
from tests.tui.scenes import SCENES, make_scene, reach_scene

NAMES = (DARK_NAME, LIGHT_NAME)
LEAST = 4.5
"""Least contrast of text (WCAG 2.1, level AA)."""

LEAST_DISTANCE = 20.0
TEXT = re.compile(r"\w|[!-~]")
BACKGROUNDS = ("$background", "$surface", "$panel")
TEXTS = ("$foreground", "$text", MUTED, *(f"$text-{name}" for name in ("muted", "primary", "secondary", "accent")))
STATES = ("$text-success", "$text-warning", "$text-error")
PAIRS = (
    *product(BACKGROUNDS, (*TEXTS, *STATES)),
    ("$block-cursor-background", "$block-cursor-foreground"),
    ("$block-cursor-blurred-background", "$block-cursor-blurred-foreground"),
    ("$footer-background", "$footer-key-foreground"),
    ("$footer-background", "$footer-description-foreground"),
    ("$input-selection-background", "$input-selection-foreground"),
    *((f"${state}", "$button-color-foreground") for state in ("primary", "success", "warning", "error")),
)

CODE = '''@decorate
def rows(x: int = 3, *, names=None) -> list:  # a comment
    """Return rows."""
    import torch.nn as nn
    if not x or x is None:
        raise ValueError("no\\n")
    for row in x[1:2]: print(row.mean(dim=0) @ 1.5, True, f"{row}")
    class Net(nn.Module): pass
    return -x ** 2 + [1, *names][0]
'''


def segments(app: App[None]) -> Iterator[Segment]:
    """Yield the segments on the screen that contain text, not only lines and blocks."""
    for strip in app.screen._compositor.render_strips():
        yield from (segment for segment in strip if TEXT.search(segment.text))


def faults(app: App[None]) -> set[str]:
    """Return each text on the screen with too little contrast; dim text is that of keys without an effect."""
    found = set()
    for segment in segments(app):
        style = segment.style
        if style is None or style.color is None or style.bgcolor is None or style.dim:
            continue
        ratio = contrast(style.color.get_truecolor(), style.bgcolor.get_truecolor())
        if ratio < LEAST:
            found.add(f"{segment.text.strip()!r}: {ratio:.2f}, {style}")
    return found


class Samples(App[None]):
    """A line of text for each pair of colours: once in the colour of its widget, once as a styled span."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        register_themes(self)
        self.theme = theme

    def compose(self) -> ComposeResult:
        for background, text in PAIRS:
            sample = Static(f"{text} on {background}", markup=False)
            sample.styles.background = self._colour(background)
            sample.styles.color = self._colour(text)
            span = Static(Content.styled(f"{text} in {background}", text))
            span.styles.background = self._colour(background)
            yield sample
            yield span

    def _colour(self, name: str) -> Color:
        name, _, share = name.removeprefix("$").partition(" ")
        value, _, alpha = self.theme_variables[name].partition(" ")
        colour = Color.automatic(float(alpha.rstrip("%"))) if value == "auto" else Color.parse(value)
        return colour.multiply_alpha(float(share.rstrip("%")) / 100) if share else colour


@pytest.mark.parametrize("theme", NAMES)
async def test_text_has_enough_contrast_on_each_background(theme: str) -> None:
    app = Samples(theme)
    async with app.run_test(size=(80, 2 * len(PAIRS) + 1)):
        assert sum(1 for _ in segments(app)) >= 2 * len(PAIRS)
        assert not faults(app)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", THEMES, ids=NAMES)
def test_states_and_accent_are_distinguishable(theme: object, vision: str) -> None:
    colours = {name: Color.parse(getattr(theme, name)).rgb for name in ("success", "warning", "error", "accent")}
    for one, other in combinations(colours, 2):
        assert distance(colours[one], colours[other], vision) > LEAST_DISTANCE, (one, other)


def test_no_state_is_shown_by_its_colour_alone() -> None:
    for labels in (OUTCOME_LABELS, CHECK_LABELS):
        symbols: dict[str, set[str]] = {}
        for label in labels.values():
            symbols.setdefault(label.symbol, set()).add(label.colour)
        assert all(symbol.strip() for symbol in symbols)
        assert all(len(colours) == 1 for colours in symbols.values())


class Editing(App[None]):
    """A text area with Python in the colours of the theme."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        register_themes(self)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield TextArea(CODE, language="python", show_line_numbers=True)

    def on_mount(self) -> None:
        use_syntax_colours(self.query_one(TextArea))


@pytest.mark.parametrize("theme", [*NAMES, "textual-light"])
async def test_code_has_enough_contrast_and_several_colours(theme: str) -> None:
    app = Editing(theme)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        area = app.query_one(TextArea)
        area.cursor_blink = False
        assert not faults(app)
        colours = {segment.style.color for segment in segments(app) if segment.style}
        assert len(colours) > 6


async def test_an_editor_follows_the_theme() -> None:
    app = Editing(DARK_NAME)
    async with app.run_test(size=(80, 24)) as pilot:
        area = app.query_one(TextArea)
        assert area.theme == DARK_NAME
        app.theme = LIGHT_NAME
        use_syntax_colours(area)
        await pilot.pause()
        assert area.theme == LIGHT_NAME and not faults(app)


def test_the_default_theme_is_dark() -> None:
    assert Settings().theme == DARK_NAME


@pytest.mark.parametrize(("theme", "shown"), [("textual-dark", "textual-dark"), ("no-such-theme", DARK_NAME)])
async def test_a_theme_of_textual_is_kept_and_an_unknown_one_replaced(
    make_harness: MakeHarness, theme: str, shown: str
) -> None:
    async with open_app(make_harness(card("a/one"), theme=theme)) as (app, _):
        assert app.theme == shown
        assert set(NAMES) <= set(app.available_themes)


@pytest.mark.slow
@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("theme", NAMES)
@pytest.mark.parametrize("scene", ["home", "question", "wrong", "passed", "choice", "statistics", "settings", "help"])
async def test_all_text_of_a_screen_has_enough_contrast(scene: str, theme: str, tmp_path: Path) -> None:
    harness = make_scene(scene, tmp_path, theme)
    app = harness.app(() if SCENES[scene].study else None)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await reach_scene(scene, app, pilot)
        assert not faults(app)
    harness.store.close()
