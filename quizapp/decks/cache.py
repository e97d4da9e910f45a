"""Parsed decks on disk, so that a deck is parsed again only when one of its files has changed."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from quizapp.decks.card import Card, Check, Choice, Position, Wrong
from quizapp.decks.parsed_file import ParsedFile
from quizapp.decks.problems import Problems
from quizapp.sandbox.protocol import Limits

MAX_FILES = 2000
"""Files in the folder; when there are more, all are deleted and their decks are parsed again."""

DIGEST_BYTES = 32

MIN_FREE = 32 * 1024**2
"""Bytes that are left to others: the review store may be on the same disk, and needs the space."""


class DeckCache:
    """Decks without a problem, one file each. Missing, damaged and foreign files are ignored.

    Unpickling a file runs code that it names. That is safe only because `folder` is in the user's own cache directory:
    sandboxed code cannot write to it, and other code that can may change the user's programs as well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, path: Path, translations: Sequence[Path]) -> ParsedFile | None:
        """Return what was parsed from `path` and its translations, or None if one of them has changed since."""
        try:
            data = self._file(path).read_bytes()
        except OSError:
            return None
        content = memoryview(data)[DIGEST_BYTES:]
        if data[:DIGEST_BYTES] != _digest(_stamps([path, *translations]), content):
            return None
        slug_position: Position
        deck, slug_position = pickle.loads(content)
        deck = replace(deck, path=path)
        return ParsedFile(path, Problems(str(path)), deck, deck.slug, slug_position, {card.id for card in deck})

    def store(self, parsed: ParsedFile, translations: Sequence[Path], stamps: tuple[Any, ...]) -> None:
        """Store a deck under the stamps that its files had before they were read."""
        if parsed.deck is None or stamps != _stamps([parsed.path, *translations]):
            return
        content = _dump(
            (replace(parsed.deck, cards=tuple(map(_with_link_positions, parsed.deck))), parsed.slug_position)
        )
        file = self._file(parsed.path)
        temporary = file.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self.folder).free < MIN_FREE:
                return
            temporary.write_bytes(_digest(stamps, content) + content)
            temporary.replace(file)
        except OSError:
            # A full or read-only disk only means that the next start parses again.
            return

    def prune(self) -> None:
        """Delete all files if those of deleted decks have piled up."""
        try:
            files = list(self.folder.glob("*.deck"))
            for file in files if len(files) > MAX_FILES else ():
                file.unlink(missing_ok=True)
        except OSError:
            return

    def stamps(self, path: Path, translations: Sequence[Path]) -> tuple[Any, ...]:
        """Return a value that changes when one of the files changes."""
        return _stamps([path, *translations])

    def _file(self, path: Path) -> Path:
        name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
        return self.folder / f"{name}.deck"


def _stamps(files: Sequence[Path]) -> tuple[Any, ...]:
    try:
        states = [(str(file.absolute()), file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, state.st_mtime_ns, state.st_size, state.st_ino) for name, state in states)


def _digest(stamps: tuple[Any, ...], content: bytes | memoryview) -> bytes:
    """Return a digest that differs for other files, another program and damaged content."""
    return hashlib.sha256(repr((_edition(), stamps, zlib.crc32(content))).encode()).digest()


def _with_link_positions(card: Card) -> Card:
    """Keep only the positions of links to other cards: nothing else can become invalid while the file is unchanged."""
    return replace(
        card, positions={path: at for path, at in card.positions.items() if path.startswith(("after", "was"))}
    )


def _dump(value: object) -> bytes:
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # Twice as fast as the default for frozen dataclasses, which sets one field at a time.
    pickler.dispatch_table = dict.fromkeys((Card, Check, Wrong, Choice, Limits), _reduce)
    pickler.dump(value)
    return buffer.getvalue()


def _reduce(value: Any) -> tuple[type, tuple[Any, ...]]:
    return type(value), tuple([getattr(value, name) for name in value.__slots__])


@cache
def _edition() -> str:
    """Return a digest of Python's version and of the code that reads decks: another edition parses again."""
    digest = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parent
    for file in [*sorted(package.rglob("*.py")), package.parent / "sandbox" / "protocol.py"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()
