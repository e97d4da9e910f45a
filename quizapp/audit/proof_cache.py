"""Proofs kept on disk by what they prove, so that an unchanged card is not run again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import quizapp
from quizapp.audit.audit_findings import AuditFinding
from quizapp.audit.prove import Depth, MutantTally, Proof
from quizapp.decks.card import Card, Position
from quizapp.sandbox.protocol import Machine

MOST_KEPT = 20_000

PROVES_NOTHING = frozenset({"reports.py", "scaffold.py", "watcher.py"})
"""Modules beside the proof, whose changes leave every proof true."""


class ProofCache:
    """Proofs in a folder, one small file each; any of them may be missing or torn."""

    def __init__(self, folder: Path, machine: Machine, depth: Depth) -> None:
        self.folder = folder
        self.setting = json.dumps([_sources(), asdict(machine), asdict(depth)], sort_keys=True)

    def find(self, card: Card) -> Proof | None:
        """The proof of a card with this very content."""
        try:
            kept = json.loads(self._file(card).read_bytes())
            faults = tuple(AuditFinding(**fault) for fault in kept["faults"])
            return Proof(faults, MutantTally(**kept["tally"]), 0)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def keep(self, card: Card, proof: Proof) -> None:
        """Write a proof down; a disk that refuses only costs the next run its time."""
        if not proof.settled:
            return
        data = {"faults": [asdict(fault) for fault in proof.faults], "tally": asdict(proof.tally)}
        file = self._file(card)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            torn = file.with_suffix(f".{os.getpid()}")
            torn.write_text(json.dumps(data), encoding="utf-8")
            torn.replace(file)
        except OSError:
            return

    def tidy(self) -> None:
        """Throw the oldest away where there are too many."""
        try:
            files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
            for file in files[: max(0, len(files) - MOST_KEPT)]:
                file.unlink()
        except OSError:
            return

    def _file(self, card: Card) -> Path:
        return self.folder / f"{_key(card, self.setting)}.json"


def _key(card: Card, setting: str) -> str:
    """A digest of what is proved of a card, wherever it stands in its file; texts that prove nothing may change."""
    nowhere = Position()
    content = replace(
        card,
        title="",
        note="",
        sources=(),
        tags=(),
        level=1,
        minutes=None,
        after=(),
        was=(),
        place=nowhere,
        places={},
        # A set's order changes from process to process.
        checks=tuple(replace(check, says=None, place=nowhere, ignore=frozenset()) for check in card.checks),
        wrong=tuple(replace(wrong, says=None, place=nowhere) for wrong in card.wrong),
        equivalent=tuple(replace(one, why="") for one in card.equivalent),
    )
    ignored = [sorted(check.ignore) for check in card.checks]
    return hashlib.sha256(f"{setting}\n{ignored}\n{content!r}".encode()).hexdigest()[:40]


@cache
def _sources() -> str:
    """The code that proves, digested: a program that grades differently believes no older proof."""
    root = Path(quizapp.__file__).parent
    digest = hashlib.sha256()
    for room in ("audit", "grading", "sandbox"):
        for file in sorted((root / room).rglob("*.py")):
            if file.name not in PROVES_NOTHING:
                digest.update(file.read_bytes())
    return digest.hexdigest()
