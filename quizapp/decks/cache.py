"""Decks kept as they were read, by the stamps of their files, so that unchanged ones are not parsed again."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from quizapp.decks.cache_codec import pack_deck, unpack_deck
from quizapp.decks.card import Position
from quizapp.decks.parsing.file_parser import ParsedFile
from quizapp.decks.problems import Problems

MOST_KEPT = 2000
"""Files in the folder; when there are more, all are thrown away and read anew."""


class DeckCache:
    """Readings without a problem, one file each in a folder of the learner's own; any may be missing or torn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, path: Path, beside: Sequence[Path]) -> ParsedFile | None:
        """What was read from `path` and its translations, if none of them has changed since."""
        try:
            data = self._file(path).read_bytes()
            content = memoryview(data)[4:]
            if zlib.crc32(content) != int.from_bytes(data[:4], "big"):
                return None
            edition, stamps, deck, slug_place = marshal.loads(content)
        except (OSError, ValueError, TypeError, EOFError):
            return None
        if edition != _edition() or stamps != _stamps([path, *beside]):
            return None
        found = unpack_deck(deck, path)
        ids = {card.id for card in found.cards}
        return ParsedFile(path, Problems(str(path)), found, found.slug, Position(*slug_place), ids)

    def keep(self, reading: ParsedFile, beside: Sequence[Path], stamps: tuple[Any, ...]) -> None:
        """Write a reading down, under the stamps that its files had before they were read."""
        if reading.deck is None or stamps != _stamps([reading.path, *beside]):
            return
        place = (reading.slug_place.line, reading.slug_place.column)
        content = marshal.dumps((_edition(), stamps, pack_deck(reading.deck), place))
        file = self._file(reading.path)
        torn = file.with_suffix(f".{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            torn.write_bytes(zlib.crc32(content).to_bytes(4, "big") + content)
            torn.replace(file)
        except OSError:
            # A full or read-only disk costs the next start its time, and nothing else.
            return

    def tidy(self) -> None:
        """Start afresh where decks that are long gone have piled up."""
        try:
            files = list(self.folder.glob("*.deck"))
            for file in files if len(files) > MOST_KEPT else ():
                file.unlink(missing_ok=True)
        except OSError:
            return

    def stamps(self, path: Path, beside: Sequence[Path]) -> tuple[Any, ...]:
        """What tells one state of the files from the next."""
        return _stamps([path, *beside])

    def _file(self, path: Path) -> Path:
        name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
        return self.folder / f"{name}.deck"


def _stamps(files: Sequence[Path]) -> tuple[Any, ...]:
    try:
        states = [(str(file.absolute()), file.stat()) for file in files]
    except OSError:
        return ()
    return tuple((name, state.st_mtime_ns, state.st_size, state.st_ino) for name, state in states)


@cache
def _edition() -> str:
    """The code that reads decks, digested, and what marshal depends on: another program reads anew."""
    digest = hashlib.sha256(sys.version.encode())
    here = Path(__file__).parent
    for file in [*sorted(here.rglob("*.py")), here.parent / "sandbox" / "protocol.py"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()
