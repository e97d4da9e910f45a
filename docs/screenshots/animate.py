"""Draw the animation in the README: one card answered wrong, explained, and answered right.

    python docs/screenshots/animate.py

Each frame is an SVG export of the real screen; CSS shows them one after the other, so that no video tool is needed.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

from take import FORGOT_KEEPDIM, HERE, is_shown, make_provider, study_card

from quizapp.tui.app import PtquizApp
from tests.review.harness import Clock
from tests.tui.harness import until

SIZE = (104, 28)
TYPING, READING = 0.5, 3.0
"""Seconds that a frame stays: while keys are typed, and when there is something to read."""

KEYS_PER_FRAME = 8
"""A frame for each key would make a file of 5 MB."""

CORRECTION = ["ctrl+end", *["left"] * 7, "up", "end", "left", *", keepdim=True"]
"""Keys that correct the answer of FORGOT_KEEPDIM."""

SHOWN_STEPS: Sequence[tuple[Sequence[str], str, float]] = (
    ([], "", READING),
    (FORGOT_KEEPDIM, "- means", TYPING),
    (["ctrl+s"], "fix it", READING),
    (CORRECTION, "keepdim", TYPING),
    (["ctrl+s"], "Enter accepts it", READING),
)
"""Keys, a text that the screen shows afterwards, and how long a frame stays."""

Frame = tuple[str, float]
"""An SVG picture, and the seconds that it stays."""


async def frames(folder: Path) -> AsyncIterator[Frame]:
    """Yield the frames of the animation."""
    clock = Clock()
    provider = make_provider(folder, clock)
    app = PtquizApp(provider.open, provider.settings, provider.locations, clock)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: is_shown(app, "Everything") and app.tier)
        for keys, shows in study_card("means/centre-rows"):
            await pilot.press(*keys)
            await until(pilot, partial(is_shown, app, shows))
        for keys, shows, seconds in SHOWN_STEPS:
            for first in range(0, len(keys), KEYS_PER_FRAME):
                await pilot.press(*keys[first : first + KEYS_PER_FRAME])
                if seconds == TYPING:
                    yield app.export_screenshot(title="ptquiz"), seconds
            await until(pilot, partial(is_shown, app, shows))
            yield app.export_screenshot(title="ptquiz"), max(seconds, READING / 3)


def animate(pictures: Sequence[Frame]) -> str:
    """Return one SVG that shows the pictures one after the other, without end."""
    box = re.search(r'viewBox="([^"]+)"', pictures[0][0])
    assert box is not None
    total = sum(seconds for _, seconds in pictures)
    rules, groups, start = [], [], 0.0
    for number, (svg, seconds) in enumerate(pictures):
        # Each picture is visible during its share of the period.
        share = 100 * seconds / total
        rules.append(f"@keyframes f{number} {{ 0% {{ visibility: visible }} {share:.3f}% {{ visibility: hidden }} }}")
        style = f"visibility: hidden; animation: f{number} {total:.2f}s step-end {start:.2f}s infinite"
        groups.append(f'<g style="{style}">{_body(svg)}</g>')
        start += seconds
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}">'
    return f"{head}<style>{' '.join(rules)}</style>{''.join(groups)}</svg>\n"


def _body(svg: str) -> str:
    """Return what is inside the root element of a picture."""
    return svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ptquiz-") as folder:
        pictures = [frame async for frame in frames(Path(folder))]
    target = HERE / "session.svg"
    target.write_text(animate(pictures), encoding="utf-8")
    print(target)


if __name__ == "__main__":
    asyncio.run(main())
