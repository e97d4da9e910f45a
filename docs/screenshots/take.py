"""Retake the screenshots in this folder with the real sandbox and the shipped decks.

    python docs/screenshots/take.py [PICTURE…]

Needs the test extra, and Chromium with a font for Chinese. `question-zh` is a scene of the tests, because no shipped
deck is translated.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from rich.cells import cell_len

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from quizapp.decks.card import Card, CardKind  # noqa: E402
from quizapp.review.memory import Rating  # noqa: E402
from quizapp.services import ServiceProvider  # noqa: E402
from quizapp.settings import Locations  # noqa: E402
from quizapp.tui.app import PtquizApp  # noqa: E402
from tests.review.harness import Clock  # noqa: E402
from tests.tui.harness import text, until  # noqa: E402
from tests.tui.scenes import play_scene  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync")
FLAGS = [f"--{flag}" for flag in ("headless", "no-sandbox", "disable-gpu", "hide-scrollbars", *QUIET)]
SETTINGS = Path("/home/learner/.config/ptquiz/settings.toml")
"""The path shown on the settings page. The file does not exist, so the settings are the defaults."""

DAYS = 16
"""Days of reviews in the pictures that show a history; the last day is only started."""

Step = tuple[list[str], str]
"""Keys to press, and a text that the screen shows afterwards."""


def study_card(name: str) -> list[Step]:
    """Return the steps from Home to the study screen with this card."""
    return [(["b"], "cards of"), (["slash", *name, "enter"], "1 card of"), (["f5"], "Submit")]


# The cursor starts after the starter's `return x - x.mean(dim=1)`.
FORGOT_KEEPDIM = ["ctrl+u", *"    means = x.mean(dim=1)", "enter", *"return x - means"]
KEPT_DIM = [*"[:, None]"]

PICTURES: dict[str, tuple[tuple[int, int], list[Step]]] = {
    "welcome": ((100, 30), []),
    "question": ((100, 30), study_card("means/centre-rows")),
    "wrong": (
        (150, 39),
        [
            *study_card("means/centre-rows"),
            (FORGOT_KEEPDIM, "- means"),
            (["f5"], "fix it"),
            (["ctrl+f5"], "got  tensor"),
        ],
    ),
    "passed": (
        (150, 30),
        [
            *study_card("means/centre-rows"),
            (KEPT_DIM, "None]"),
            (["f5"], "Enter accepts it"),
            (["shift+f5"], "To remember"),
        ],
    ),
    "predict": ((100, 30), [*study_card("matrix-products/inner-sizes"), ([*"(2, 4)"], "a tuple of")]),
    "choice": ((100, 30), [*study_card("load-balance/who-holds-more"), (["b"], "●")]),
    "order": (
        (100, 30),
        [*study_card("autograd/one-step-downhill"), (["shift+down", "down", "down", "x", *["down"] * 4, "x"], "–")],
    ),
    "settings": ((100, 30), [(["comma", "down", "down"], "Desired retention")]),
    "help": ((100, 44), [(["f1"], "Everywhere")]),
    "home": ((100, 30), []),
    "browse": ((150, 34), [(["b"], "cards of"), (["slash", *"deck:means", "enter", "down", "down"], "Answers")]),
    "practice": ((100, 30), [(["p"], "cards ·"), (["down", "space", "down", "space"], "☑ Changing")]),
    "statistics": ((100, 48), [(["s"], "reviews on")]),
}
WITH_REVIEWS = ("home", "browse", "practice", "statistics")
"""Pictures with a history of reviews."""


def answer_to(card: Card, knows: bool) -> str:
    """Return the answer of a learner who knows the card, or of one who does not."""
    if not knows and card.wrong:
        return card.wrong[0].code
    if card.kind is CardKind.CHOICE:
        return "\n".join(str(number) for number, choice in enumerate(card.choices, 1) if choice.right is knows)
    return (card.accept[0] if card.kind is CardKind.PREDICT else card.solution) if knows else card.starter


def make_provider(folder: Path, clock: Clock) -> ServiceProvider:
    provider = ServiceProvider(clock=clock)
    provider.locations = Locations(SETTINGS, folder)
    return provider


def review_for_weeks(folder: Path, clock: Clock) -> None:
    """Study on most of `DAYS` days, with fewer mistakes each day."""
    provider, chance = make_provider(folder, clock), random.Random(7)
    provider.sandbox.start()
    for day in range(1, DAYS + 1):
        morning, session = clock.now, provider.session()
        for _ in range((day != 5) * (12 if day == DAYS else 200)):
            if (card := session.next()) is None:
                break
            clock.advance(seconds=chance.uniform(8, 45) * card.level)
            passed = session.submit(answer_to(card, chance.random() < 0.78 + day / 150)).passed
            session.rate(session.proposal().rating if passed else Rating.AGAIN)
        if day < DAYS:
            clock.now = morning
            clock.advance(days=1, minutes=chance.uniform(-20, 20))
    provider.close()


async def draw(name: str, folder: Path, clock: Clock) -> str:
    """Return the picture as SVG."""
    size, steps = PICTURES[name]
    provider = make_provider(folder, clock)
    app = PtquizApp(provider.open, provider.settings, provider.locations, clock)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: "Everything" in text(app) and "f1 Help" in text(app) and app.tier)
        for keys, shows in steps:
            await pilot.press(*keys)
            await until(pilot, partial(is_shown, app, shows))
        return app.export_screenshot(title="ptquiz")


def is_shown(app: PtquizApp, part: str) -> bool:
    return part in text(app)


async def draw_scene(name: str, folder: Path) -> str:
    async with play_scene(name, folder, (100, 30)) as app:
        return app.export_screenshot(title="ptquiz")


def widen(match: re.Match[str]) -> str:
    """Return an SVG text with two cells for each wide character: the export gives them one, which squashes them."""
    text = html.unescape(match[3])
    length = float(match[1]) * cell_len(text) / max(1, len(text))
    return f'textLength="{length:g}"{match[2]}>{match[3]}<'


def render(svg: str, target: Path, browser: str) -> None:
    """Render the SVG as PNG in its own size."""
    svg = re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]*)<', widen, svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None
    width, height = (round(float(side)) for side in box.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(f'<meta charset="utf-8"><body style="margin:0">{svg}</body>', encoding="utf-8")
        options = [f"--user-data-dir={folder}", f"--window-size={width},{height}", f"--screenshot={target}"]
        subprocess.run([browser, *FLAGS, *options, page.as_uri()], check=True, capture_output=True, timeout=120)


def main() -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is not installed; on Debian: apt-get install chromium fonts-noto-cjk")
    names = sys.argv[1:] or [*PICTURES, "question-zh"]
    with tempfile.TemporaryDirectory(prefix="ptquiz-") as folder:
        clock, reviewed = Clock(), Path(folder, "reviewed")
        if set(names) & set(WITH_REVIEWS):
            review_for_weeks(reviewed, clock)
        for name in names:
            home, now = (reviewed, clock) if name in WITH_REVIEWS else (Path(folder, name), Clock())
            drawing = draw(name, home, now) if name in PICTURES else draw_scene(name, home)
            render(asyncio.run(drawing), HERE / f"{name}.png", browser)
            print(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
