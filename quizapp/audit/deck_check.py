"""`ptquiz check`: reads decks, proves every card of them, several at a time, and reports all of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from quizapp.decks.card import Card, Deck
from quizapp.decks.library import with_trust
from quizapp.decks.reader import read_decks
from quizapp.errors import Problem

if TYPE_CHECKING:
    from quizapp.audit.proof_cache import ProofCache
    from quizapp.audit.prove import Depth, MutantTally, Proof
    from quizapp.grading.grader import Grader

Progress = Callable[[int, int, str], None]
"""Told (cards done, cards in all, the card just done), always from the calling thread."""


@dataclass(frozen=True)
class CheckReport:
    """What a check found."""

    decks: tuple[Deck, ...] = ()
    problems: tuple[Problem, ...] = ()
    """By file and line."""

    mutants: dict[str, MutantTally] = field(default_factory=dict)
    """By deck; empty where nothing was run."""

    runs: int = 0
    """Runs in the sandbox; cards whose proof was kept need none."""

    proved: int = 0
    """Cards whose proofs were kept from an earlier check."""

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for deck in self.decks for card in deck)

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def clean(self) -> bool:
        return not self.errors


def read_paths(paths: Iterable[Path], known: Collection[str] = ()) -> CheckReport:
    """The decks at `paths` and what is wrong with them as files; runs nothing and loads no torch."""
    decks, problems = read_decks(paths, known)
    return CheckReport(tuple(map(with_trust, decks)), tuple(_sorted(problems)))


def check_paths(
    paths: Iterable[Path],
    grader: Grader,
    *,
    depth: Depth | None = None,
    jobs: int = 1,
    keep_in: Path | None = None,
    progress: Progress | None = None,
    known: Collection[str] = (),
) -> CheckReport:
    """Read and prove the decks at `paths`, `jobs` cards at a time. Raises SandboxError where nothing can be run.

    Proofs are kept in the folder `keep_in`. `known` are names of cards elsewhere that `after` may name.
    """
    from quizapp.audit.proof_cache import ProofCache
    from quizapp.audit.prove import Depth, MutantTally

    read = read_paths(paths, known)
    if not read.decks:
        return read
    depth = depth or Depth()
    kept = ProofCache(keep_in, grader.sandbox.wait(None), depth) if keep_in else None
    proofs = _prove_all(read.cards, grader, depth, jobs, kept, progress)
    problems = list(read.problems)
    mutants: dict[str, MutantTally] = {}
    for deck in read.decks:
        for card in deck:
            proof = proofs[card.name]
            problems += [fault.problem(card, str(deck.path)) for fault in proof.faults]
            mutants[deck.slug] = mutants.get(deck.slug, MutantTally()) + proof.tally
    if kept:
        kept.tidy()
    runs = sum(proof.runs for proof in proofs.values())
    unrun = sum(proof.runs == 0 for proof in proofs.values())
    return CheckReport(read.decks, tuple(_sorted(problems)), mutants, runs, unrun)


def _prove_all(
    cards: Sequence[Card], grader: Grader, depth: Depth, jobs: int, kept: ProofCache | None, progress: Progress | None
) -> dict[str, Proof]:
    proofs: dict[str, Proof] = {}

    def done(card: Card, proof: Proof) -> None:
        proofs[card.name] = proof
        if progress:
            progress(len(proofs), len(cards), card.name)

    todo = []
    for card in cards:
        proof = kept.find(card) if kept else None
        if proof is None:
            todo.append(card)
        else:
            done(card, proof)
    for card, proof in _proofs(todo, grader, depth, jobs):
        if kept:
            kept.keep(card, proof)
        done(card, proof)
    return proofs


def _proofs(cards: Sequence[Card], grader: Grader, depth: Depth, jobs: int) -> Iterator[tuple[Card, Proof]]:
    """Proofs as they are done. The first failure ends the rest and is raised here."""
    from quizapp.audit.prove import prove

    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="audit") as pool:
        pending: dict[Future[Proof], Card] = {pool.submit(prove, card, grader, depth): card for card in cards}
        try:
            while pending:
                finished, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield pending.pop(future), future.result()
        finally:
            for future in pending:
                future.cancel()


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.path, problem.line, problem.column))
