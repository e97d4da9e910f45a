"""Take the pictures of this folder again: every scene below, drawn by the real screens, as PNG.

    python docs/screenshots/take.py [SCENE…]

Needs the test extra, and Chromium with a font that has Chinese.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.cells import cell_len

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.tui.scenes import playing  # noqa: E402

SCENES = {
    "welcome": (100, 30),
    "question": (100, 30),
    "wrong": (150, 36),
    "given-up": (100, 30),
    "predict": (100, 30),
    "choice": (100, 30),
    "order": (100, 30),
    "question-zh": (100, 30),
    "browse": (130, 34),
    "statistics": (100, 48),
    "settings": (100, 30),
    "help": (100, 44),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


async def draw(name: str, size: tuple[int, int]) -> str:
    """The scene as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        async with playing(name, Path(folder), size) as app:
            return re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]*)<', widened, app.export_screenshot(title="ptquiz"))


def widened(match: re.Match[str]) -> str:
    """A text with room for its wide characters: the export gives each one cell, and squashes them."""
    text = html.unescape(match[3])
    length = float(match[1]) * cell_len(text) / max(1, len(text))
    return f'textLength="{length:g}"{match[2]}>{match[3]}<'


def photograph(svg: str, target: Path, browser: str) -> None:
    """Render the SVG at its own size."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None
    width, height = (round(float(side)) for side in box.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(f'<meta charset="utf-8"><body style="margin:0">{svg}</body>', encoding="utf-8")
        size = f"--window-size={width},{height}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}"]
        command = [browser, *options, size, f"--screenshot={target}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("no Chromium was found; on Debian: apt-get install chromium fonts-noto-cjk")
    for name in sys.argv[1:] or SCENES:
        photograph(asyncio.run(draw(name, SCENES[name])), HERE / f"{name}.png", browser)
        print(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
