"""A cache of proofs, keyed by a digest of what they prove, so that an unchanged card is not run again."""

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

MOST_FILES = 20_000

NOT_PROVING = frozenset({"reports.py", "scaffold.py", "watcher.py"})
"""Modules of the audit that no proof depends on."""


class ProofCache:
    """Proofs in a folder, one small file each; a missing or damaged file is a cache miss."""

    def __init__(self, folder: Path, machine: Machine, depth: Depth) -> None:
        self.folder = folder
        self.environment = json.dumps([_sources(), asdict(machine), asdict(depth)], sort_keys=True)

    def find(self, card: Card) -> Proof | None:
        """Return the cached proof of a card with the same content, or None."""
        try:
            data = json.loads(self._file(card).read_bytes())
            findings = tuple(AuditFinding(**finding) for finding in data["findings"])
            return Proof(findings, MutantTally(**data["tally"]), 0, deferred=tuple(data["deferred"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def store(self, card: Card, proof: Proof) -> None:
        """Write a proof that may be cached; errors are ignored, because they only make the next check slower."""
        if not proof.is_cacheable:
            return
        data = {
            "findings": [asdict(finding) for finding in proof.findings],
            "tally": asdict(proof.tally),
            "deferred": proof.deferred,
        }
        file = self._file(card)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Renamed when complete, so that no reader sees half a file.
            partial = file.with_suffix(f".{os.getpid()}")
            partial.write_text(json.dumps(data), encoding="utf-8")
            partial.replace(file)
        except OSError:
            return

    def prune(self) -> None:
        """Delete the oldest files if there are more than MOST_FILES."""
        try:
            files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
            for file in files[: max(0, len(files) - MOST_FILES)]:
                file.unlink()
        except OSError:
            return

    def _file(self, card: Card) -> Path:
        return self.folder / f"{_key(card, self.environment)}.json"


def _key(card: Card, environment: str) -> str:
    """Return a digest of the parts of a card that its proof depends on; not of its position or its other texts."""
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
        position=Position(),
        positions={},
        # The order of a set in `repr` differs between processes.
        checks=tuple(replace(check, says=None, ignore=frozenset()) for check in card.checks),
        wrong=tuple(replace(wrong, says=None) for wrong in card.wrong),
        equivalent=tuple(replace(equivalent, why="") for equivalent in card.equivalent),
    )
    ignored = [sorted(check.ignore) for check in card.checks]
    return hashlib.sha256(f"{environment}\n{ignored}\n{content!r}".encode()).hexdigest()[:40]


@cache
def _sources() -> str:
    """Return a digest of the code that proves: a program that grades differently must not reuse older proofs."""
    root = Path(quizapp.__file__).parent
    digest = hashlib.sha256()
    for package in ("audit", "grading", "sandbox"):
        for file in sorted((root / package).rglob("*.py")):
            if file.name not in NOT_PROVING:
                digest.update(file.read_bytes())
    return digest.hexdigest()
